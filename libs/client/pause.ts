/** How long to wait, and until when it is given up. */
export type Pause = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;

/** Resolves after the time. @throws the signal's reason, as soon as it is aborted */
export const pause: Pause = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });

const firstMilliseconds = 250;
const longestMilliseconds = 5_000;

/** Ever longer, and spread out, so that not all clients of a server that comes back arrive at once. */
export function backoff(attempt: number): number {
  const full = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(attempt, 10));
  return full / 2 + (Math.random() * full) / 2;
}
