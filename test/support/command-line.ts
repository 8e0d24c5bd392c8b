import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

/** Node's own: kept between runs, and no left-over of the command. */
const compileCache = join(tmpdir(), 'node-compile-cache');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of the Node that runs the tests. */
  readonly node?: string;
}

/** A `mixdown` that runs, as a shell would start it. */
export class CommandLine {
  private constructor(
    readonly child: ChildProcess,
    readonly ended: Promise<Ended>,
  ) {}

  static start(
    args: readonly string[],
    { cwd, input, environment, node = process.execPath }: CommandOptions,
  ): CommandLine {
    const child = spawn(node, [main, ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, TMPDIR: cwd, NODE_COMPILE_CACHE: compileCache, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input);
    const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
    return new CommandLine(
      child,
      ended.then(([, stdout, stderr]) => ({ code: child.exitCode, stdout, stderr })),
    );
  }
}

export function mixdown(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return CommandLine.start(args, options).ended;
}
