import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Observable, throwError } from 'rxjs';
import { failSpanWith, Log } from '#telemetry';
import { allowedMethods } from './allowed-methods.ts';
import { Problem } from './problem.ts';
import { sendProblem } from './send-problem.ts';
import { toProblem } from './to-problem.ts';

/** Whatever is thrown on the way of a request becomes a problem document; what is our fault is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    // A message's error goes back to the bus as it is; Nest would put "Internal server error" in its place.
    if (host.getType() !== 'http') return throwError(() => error);
    const problem = isNoRoute(error) ? noRoute(host.switchToHttp().getRequest<Request>()) : toProblem(error);
    if (problem.status >= 500) failSpanWith(error);
    if (problem.status >= 500 && problem.code !== 'busy') this.log.error({ err: error }, 'a request failed');
    sendProblem(problem, host.switchToHttp().getResponse<Response>());
    return undefined;
  }
}

/** Nest's own, when no route matches; what our controllers do not find is a problem already. */
function isNoRoute(error: unknown): boolean {
  return error instanceof NotFoundException;
}

function noRoute(request: Request): Problem {
  const allowed = allowedMethods(request);
  if (allowed.length === 0) return new Problem('not-found', 'There is nothing at this address.');
  return new Problem('method-not-allowed', `Use ${allowed.join(' or ')}.`, { headers: { Allow: allowed.join(', ') } });
}
