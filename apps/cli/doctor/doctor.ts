import { ExitCode, Failure } from '../failure.ts';
import { say, sayJson } from '../print.ts';
import { examine } from './checks.ts';

interface DoctorOptions {
  readonly json?: true;
  readonly quiet?: true;
}

const marks = { ok: 'ok', warning: 'WARN', missing: 'FAIL' } as const;

/** Prints what is there and what is missing, and what to do. What cannot be done without makes the command fail. */
export async function doctor({ json, quiet }: DoctorOptions): Promise<void> {
  const findings = await examine();
  if (json === true) sayJson({ findings });
  else {
    for (const { what, state, detail, cure } of findings) {
      if (quiet === true && state === 'ok') continue;
      say(`${marks[state].padEnd(4)}  ${what}: ${detail}`);
      if (cure !== undefined) say(`      ${cure}`);
    }
  }
  const missing = findings.filter(({ state }) => state === 'missing').map(({ what }) => what);
  if (missing.length > 0)
    throw new Failure(`not usable as it is: ${missing.join(', ')}`, ExitCode.failed, 'unusable', true);
}
