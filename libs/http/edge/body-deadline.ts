import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { serviceOf } from '#contracts';
import { Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { hasBody } from './has-body.ts';

export interface BodyDeadline {
  /** The whole body has to be there by then. */
  readonly milliseconds: number;
  /** How long what still comes is thrown away after the answer, so that the client gets to read the answer. */
  readonly lingerMilliseconds: number;
}

/**
 * Node waits without end for a body that nobody reads, or that comes a byte at a time. Here it ends: in time, or soon
 * after the answer. Bodies of uploads may take long; the upload service watches those.
 */
export function bodyDeadline({ milliseconds, lingerMilliseconds }: BodyDeadline): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!hasBody(request.headers) || serviceOf(request.path) === 'upload') {
      next();
      return;
    }
    const { socket } = request;
    const deadline = setTimeout(() => {
      if (response.headersSent) socket.destroy();
      else sendProblem(new Problem('upload-too-slow', undefined, { headers: { Connection: 'close' } }), response);
    }, milliseconds);
    response.once('finish', () => {
      if (request.complete) return;
      const linger = setTimeout(() => socket.destroy(), lingerMilliseconds);
      for (const end of ['end', 'close']) request.once(end, () => clearTimeout(linger));
    });
    for (const end of ['end', 'close']) request.once(end, () => clearTimeout(deadline));
    next();
  };
}
