import { Settings } from '#contracts';
import { ExitCode, Failure } from '../failure.ts';

export interface ConvertOptions {
  readonly vbr?: string;
  readonly cbr?: string;
  readonly trim?: string;
  readonly output?: string;
  readonly server?: string;
  /** Conversions, and encoders of one conversion, at the same time. */
  readonly jobs: number;
  readonly force?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** What the options ask for. @throws Failure naming what cannot be */
export function readSettings({ vbr, cbr, trim }: Pick<ConvertOptions, 'vbr' | 'cbr' | 'trim'>): Settings {
  if (vbr !== undefined && cbr !== undefined) throw new Failure('give --vbr or --cbr, not both', ExitCode.wrongUse);
  const quality = cbr !== undefined ? { mode: 'cbr', kbps: Number(cbr) } : { mode: 'vbr', level: Number(vbr ?? '2') };
  const settings = Settings.safeParse({ quality, ...(trim === undefined ? {} : { trim: readTrim(trim) }) });
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  const option = issue?.path[0] === 'trim' ? '--trim' : cbr !== undefined ? '--cbr' : '--vbr';
  throw new Failure(`${option}: ${issue?.message}`, ExitCode.wrongUse);
}

function readTrim(text: string): { start?: number; end?: number } {
  const match = /^(\d*\.?\d*)\.\.(\d*\.?\d*)$/.exec(text);
  if (match === null) throw new Failure('--trim is FROM..TO in seconds, for instance 10..95.5', ExitCode.wrongUse);
  const [, from = '', to = ''] = match;
  return { ...(from === '' ? {} : { start: Number(from) }), ...(to === '' ? {} : { end: Number(to) }) };
}
