import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type BoxedCommand, boxed, type Protection } from './protection.ts';
import { Tail } from './tail.ts';

export interface Run extends BoxedCommand {
  readonly protection: Protection;
  /** Milliseconds until the run is ended, whatever it does. */
  readonly deadlineMs: number;
  /** Milliseconds without progress until it is ended; null: no watch. */
  readonly stallMs: number | null;
  readonly signal: AbortSignal;
  /** Sees the standard output as it comes; true when it shows that the run is getting on. */
  readonly onStdout?: (chunk: string) => boolean;
  /** Gets the standard input, to write to; without it the program reads nothing there. */
  readonly onInput?: (input: Writable) => void;
  /** Gets what the program writes to file descriptor 3. It must be read to its end, or destroyed. */
  readonly onOutput?: (output: Readable) => void;
  /** True while the program waits for us: then it is not called stalled. */
  readonly isHeldBack?: () => boolean;
}

export type EndReason = 'exited' | 'deadline' | 'stalled' | 'aborted' | 'not-started';

export interface RunEnd {
  /** What ended it: itself, or one of ours. */
  readonly reason: EndReason;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last 16 KiB. */
  readonly stderr: string;
}

/** A child of ours is known by this variable, set before it runs: `sweepOrphans` never takes a stranger for one. */
export const folderVariable = 'MIXDOWN_JOB_FOLDER';

const keptBytes = 16 * 1024;
const graceMs = 3000;
/** How long a pipe may stay open after the program's end: somebody who escaped the group may hold it. */
const drainMs = 1000;

/**
 * Runs a program in its folder: no shell, nothing on its standard input but ours, none of the service's environment. Ends it,
 * with every process of its group, by SIGTERM and three seconds later SIGKILL. Never throws; `reason` says it all.
 */
export function run(request: Run): Promise<RunEnd> {
  if (request.signal.aborted) {
    return Promise.resolve({ reason: 'aborted', exitCode: null, signal: null, stderr: '' });
  }
  const [program, ...args] = boxed(request, request.protection);
  const child = spawn(program, args, {
    cwd: request.folder,
    detached: true,
    stdio: [request.onInput === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...pcmPipe(request)],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LC_ALL: 'C',
      HOME: request.folder,
      // Statically linked builds crash when they load the system's character set modules, for a TV channel's name.
      GCONV_PATH: '/nonexistent',
      [folderVariable]: request.folder,
    },
  });
  handOver(child, request);
  return watch(child, request);
}

function isReadable(stream: Readable | Writable | null | undefined): stream is Readable {
  return stream !== null && stream !== undefined && 'read' in stream;
}

function handOver(child: ChildProcess, { onInput, onOutput }: Run): void {
  // A program that reads no more says by its end why.
  child.stdin?.on('error', () => undefined);
  if (child.stdin !== null) onInput?.(child.stdin);
  const output = child.stdio[3];
  if (isReadable(output)) onOutput?.(output);
}

/** File descriptor 3, where it is wanted. */
function pcmPipe({ onOutput }: Run): readonly 'pipe'[] {
  return onOutput === undefined ? [] : ['pipe'];
}

function watch(child: ChildProcess, request: Run): Promise<RunEnd> {
  const stderr = new Tail(keptBytes);
  let ended: EndReason | null = null;
  let kill: NodeJS.Timeout | undefined;
  let drain: NodeJS.Timeout | undefined;

  const end = (reason: EndReason) => {
    if (ended !== null) return;
    ended = reason;
    signalGroup(child, 'SIGTERM');
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  const onAbort = () => end('aborted');
  const deadline = setTimeout(() => end('deadline'), request.deadlineMs);
  const onStall = () => (request.isHeldBack?.() === true ? stall?.refresh() : end('stalled'));
  const stall = request.stallMs === null ? undefined : setTimeout(onStall, request.stallMs);
  request.signal.addEventListener('abort', onAbort, { once: true });

  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (request.onStdout?.(chunk) === true) stall?.refresh();
  });
  child.once('exit', () => {
    signalGroup(child, 'SIGKILL');
    drain = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      // What a program wrote before its end is read however long it takes; of one that we ended, nothing is wanted.
      if (ended !== null) child.stdio[3]?.destroy();
    }, drainMs);
  });

  return new Promise((resolve) => {
    const settle = (reason: EndReason, exitCode: number | null, signal: string | null) => {
      for (const timer of [deadline, stall, kill, drain]) clearTimeout(timer);
      request.signal.removeEventListener('abort', onAbort);
      resolve({ reason: ended ?? reason, exitCode, signal, stderr: stderr.text() });
    };
    child.once('error', (error) => {
      stderr.push(Buffer.from(error.message));
      settle('not-started', null, null);
    });
    child.once('close', (code, signal) => {
      const wrapped = request.protection.bubblewrap === null ? null : signalOf(code);
      settle('exited', wrapped === null ? code : null, signal ?? wrapped);
    });
  });
}

/** bubblewrap hands a signal on as 128 + its number; ffmpeg has no exit code of its own among these. */
function signalOf(code: number | null): string | null {
  const names: Readonly<Record<number, string>> = {
    132: 'SIGILL',
    133: 'SIGTRAP',
    134: 'SIGABRT',
    135: 'SIGBUS',
    136: 'SIGFPE',
    137: 'SIGKILL',
    139: 'SIGSEGV',
    143: 'SIGTERM',
    152: 'SIGXCPU',
    153: 'SIGXFSZ',
    159: 'SIGSYS',
  };
  return code === null ? null : (names[code] ?? null);
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // The group is gone: that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
