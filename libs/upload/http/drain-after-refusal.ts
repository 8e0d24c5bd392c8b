import type { Request, Response } from 'express';

/** Bytes and milliseconds for which a refused body is still taken, and thrown away. */
const drainBytes = 4 * 1024 * 1024;
const drainMilliseconds = 5_000;

/**
 * A client that is still sending sees a reset instead of the answer when the connection is closed under it. So a
 * bounded amount of what it sends is thrown away first; then the connection is cut.
 */
export function drainAfterRefusal(request: Request, response: Response): void {
  if (request.complete || request.destroyed) return;
  if (!response.headersSent) response.setHeader('Connection', 'close');
  let drained = 0;
  const timer = setTimeout(() => request.destroy(), drainMilliseconds);
  request.once('close', () => clearTimeout(timer));
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > drainBytes) request.destroy();
  });
  request.resume();
}
