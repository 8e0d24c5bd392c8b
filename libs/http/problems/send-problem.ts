import type { Response } from 'express';
import { problems } from '#contracts';
import { currentTrace, describeSpan } from '#telemetry';
import type { Problem } from './problem.ts';

export const problemMediaType = 'application/problem+json; charset=utf-8';
const ofTheBodyThatIsNotSent = ['Content-Length', 'ETag', 'Last-Modified', 'Content-Disposition', 'Accept-Ranges'];

/** RFC 9457. Where the response has begun already, the connection is cut, so that nobody takes a part for the whole. */
export function sendProblem(problem: Problem, response: Response): void {
  describeSpan({ 'mixdown.problem.code': problem.code });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of ofTheBodyThatIsNotSent) response.removeHeader(name);
  response
    .status(problem.status)
    .set({ 'Cache-Control': 'no-store', ...problem.headers, 'Content-Type': problemMediaType })
    .send(problemDocument(problem));
}

export function problemDocument({ code, status, detail, errors }: Problem): string {
  const { title, cure } = problems[code];
  return JSON.stringify({
    ...{ type: `/problems/${code}`, title, status, code },
    ...(detail === undefined ? {} : { detail }),
    ...(errors.length === 0 ? {} : { errors }),
    ...{ cure, traceId: currentTrace()?.traceId },
  });
}
