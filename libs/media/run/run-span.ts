import { basename } from 'node:path';
import { describeSpan, failSpan, inSpan } from '#telemetry';
import type { RunEnd } from './run.ts';

interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * A span for a run of a program, by OpenTelemetry's conventions for command lines.
 * @param name what the program is for us, wherever it lies and whatever its file is called
 */
export function inRunSpan<End extends RunEnd>(
  name: 'ffmpeg' | 'ffprobe',
  { program, args }: Command,
  run: () => Promise<End>,
): Promise<End> {
  const attributes = { 'process.executable.name': basename(program), 'process.command_args': [program, ...args] };
  const running = async () => {
    const end = await run();
    const { reason, exitCode, signal } = end;
    describeSpan({
      'mixdown.run.end': reason,
      ...(exitCode === null ? {} : { 'process.exit.code': exitCode }),
      ...(signal === null ? {} : { 'mixdown.run.signal': signal }),
    });
    if (reason !== 'exited') failSpan({ code: reason, detail: `The run was ended: ${reason}.` });
    else if (signal !== null) failSpan({ code: signal, detail: `The program was ended by ${signal}.` });
    else if (exitCode !== 0) failSpan({ code: String(exitCode), detail: `The program ended with ${exitCode}.` });
    return end;
  };
  return inSpan(name, running, { kind: 'client', attributes });
}
