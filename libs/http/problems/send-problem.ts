import type { Response } from 'express';
import { problems } from '#contracts';
import { currentTrace } from '#telemetry';
import type { Problem } from './problem.ts';

/** RFC 9457. Where the response has begun already, the connection is cut, so that nobody takes a part for the whole. */
export function sendProblem({ code, status, detail, errors, headers }: Problem, response: Response): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { title, cure } = problems[code];
  response.status(status).removeHeader('Content-Length');
  for (const name of ['ETag', 'Last-Modified', 'Content-Disposition', 'Accept-Ranges']) response.removeHeader(name);
  response
    .set({ 'Cache-Control': 'no-store', ...headers })
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...{ type: `/problems/${code}`, title, status, code },
        ...(detail === undefined ? {} : { detail }),
        ...(errors.length === 0 ? {} : { errors }),
        ...{ cure, traceId: currentTrace()?.traceId },
      }),
    );
}
