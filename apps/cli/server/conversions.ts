import { type Conversion, hasEnded } from '#client';
import { loadCommandLineConfig } from '#config';
import { progressOf } from '../convert/converter.ts';
import { ProgressBars } from '../convert/progress-bars.ts';
import { ExitCode, Failure } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { say, sayJson, table } from '../print.ts';
import { connect, type ServerOptions } from './connect.ts';

interface PrintOptions extends ServerOptions {
  readonly json?: true;
  readonly quiet?: true;
}

/** One conversion; with `follow` until it has ended. A failed one that was waited for is a failure of the command. */
export async function status(id: string, options: PrintOptions & { readonly follow?: true }): Promise<void> {
  const client = await connect(options);
  if (options.follow !== true) return print(await client.status(id), options);
  using interrupted = interruption();
  const isShown = process.stderr.isTTY && !loadCommandLineConfig().isDumbTerminal && options.quiet !== true;
  let last: Conversion | null = null;
  {
    using bars = new ProgressBars(isShown);
    const bar = bars.add(id);
    for await (const live of client.follow(id, interrupted)) {
      if (live.type === 'conversion') {
        last = live.conversion;
        if (options.json === true) sayJson(last);
      }
      if (last !== null) bar.update(progressOf({ ...last, ...(live.type === 'progress' ? live : {}) }));
    }
  }
  if (last === null) return;
  if (options.json !== true) print(last, options);
  if (last.status !== 'completed') {
    throw new Failure(`the conversion ${last.status}`, ExitCode.failed, last.error?.code ?? last.status, true);
  }
}

export async function list(
  options: PrintOptions & { readonly status?: Conversion['status']; readonly limit: number },
): Promise<void> {
  const client = await connect(options);
  const { limit, status: only } = options;
  const found: Conversion[] = [];
  const pages = client.list({ limit: Math.min(limit, 100), ...(only === undefined ? {} : { status: only }) });
  for await (const conversion of pages) {
    found.push(conversion);
    if (options.json === true) sayJson(conversion);
    if (found.length >= limit) break;
  }
  if (options.json === true || options.quiet === true) return;
  const rows = found.map(({ id, status: state, progress, createdAt, error }) => [
    ...[id, state, `${progress}%`, createdAt, error?.code ?? ''],
  ]);
  for (const line of table([['id', 'status', 'done', 'created', 'error'], ...rows])) say(line);
}

export async function cancel(id: string, options: PrintOptions): Promise<void> {
  print(await (await connect(options)).cancel(id), options);
}

export async function retry(id: string, options: PrintOptions): Promise<void> {
  print(await (await connect(options)).retry(id), options);
}

function print(conversion: Conversion, { json, quiet }: PrintOptions): void {
  if (json === true) sayJson(conversion);
  else if (quiet !== true) for (const line of describe(conversion)) say(line);
}

function describe(conversion: Conversion): readonly string[] {
  const { id, status: state, progress, eta, source, output, error, createdAt, finishedAt } = conversion;
  const rows: [string, string][] = [['id', id]];
  rows.push([
    'status',
    hasEnded(conversion) ? state : `${state}, ${progress}%${eta === null ? '' : `, ${Math.ceil(eta)} s left`}`,
  ]);
  if (source !== null)
    rows.push(['source', `${source.container}, ${source.audio.codec}, ${source.audio.sampleRate} Hz`]);
  if (output !== null)
    rows.push(['output', `${output.bytes} bytes, ${output.durationSeconds.toFixed(3)} s, SHA-256 ${output.sha256}`]);
  if (error !== null) rows.push(['error', `${error.detail} (${error.code})`]);
  rows.push(['created', createdAt]);
  if (finishedAt !== null) rows.push(['finished', finishedAt]);
  return table(rows);
}
