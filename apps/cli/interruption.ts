import { constants } from 'node:os';
import { Failure } from './failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal's Ctrl-C may arrive twice, once from the terminal and once from whoever started this process. */
const echoMilliseconds = 1_000;

/** The command was asked to end. As a shell has it, the exit code is 128 and the signal's number. */
export class Interrupted extends Failure {
  constructor(signal: (typeof signals)[number]) {
    super('interrupted', 128 + constants.signals[signal], 'interrupted');
    this.name = 'Interrupted';
  }
}

/**
 * Aborted at Ctrl-C, so that everything is cleaned up on the way out. Asking again ends the process at once.
 * @returns what is aborted, and how the listening ends
 */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const abort = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const listener = (signal: NodeJS.Signals) => {
    const interrupted = new Interrupted(signal as (typeof signals)[number]);
    if (!abort.signal.aborted) {
      first = performance.now();
      abort.abort(interrupted);
    } else if (performance.now() - first > echoMilliseconds) process.exit(interrupted.exitCode);
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    signal: abort.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
