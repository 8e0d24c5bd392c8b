import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { type Observable, throwError } from 'rxjs';
import { Log } from '#telemetry';
import { sendProblem } from './send-problem.ts';
import { toProblem } from './to-problem.ts';

/** Whatever is thrown on the way of a request becomes a problem document; what is our fault is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    // A message's error goes back to the bus as it is; Nest would put "Internal server error" in its place.
    if (host.getType() !== 'http') return throwError(() => error);
    const problem = toProblem(error);
    if (problem.status >= 500 && problem.code !== 'busy') this.log.error({ err: error }, 'a request failed');
    sendProblem(problem, host.switchToHttp().getResponse<Response>());
    return undefined;
  }
}
