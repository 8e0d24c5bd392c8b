import { setImmediate } from 'node:timers/promises';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Clock } from '#clock';
import { limits } from './limits.ts';
import { release } from './release.ts';

const stepMilliseconds = 50;

/**
 * A client that is answered while it still sends loses the answer if the connection is closed under it: what it sends
 * then is answered with a reset. So this side says that it will say no more, leaves the body unread for a while, so that
 * whoever looks stops sending, throws away what still comes, up to a limit, and only then closes (RFC 9112, 9.6).
 */
@Injectable()
export class LingeringClose implements NestMiddleware {
  constructor(private readonly clock: Clock) {}

  use(request: Request, response: Response, next: NextFunction): void {
    // Before Node's own listener, which closes the connection if that is what was agreed.
    response.prependOnceListener('finish', () => {
      if (!request.complete) void this.#linger(request);
    });
    next();
  }

  async #linger(request: Request): Promise<void> {
    const { unreadMilliseconds, bytes, milliseconds } = limits.lingering;
    const { socket } = request;
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    socket.destroySoon = () => socket.end();
    socket.end();
    request.on('data', release);
    // The request begins to flow in the next tick, and with it the socket.
    await setImmediate();
    socket.pause();
    await this.clock.sleep(unreadMilliseconds, closed.signal);
    socket.resume();
    const last = socket.bytesRead + bytes;
    for (let waited = 0; waited < milliseconds && socket.bytesRead <= last; waited += stepMilliseconds) {
      if (closed.signal.aborted) return;
      await this.clock.sleep(stepMilliseconds, closed.signal);
    }
    socket.destroy();
  }
}
