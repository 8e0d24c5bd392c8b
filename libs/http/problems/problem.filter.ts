import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { Log } from '#telemetry';
import { sendProblem } from './send-problem.ts';
import { toProblem } from './to-problem.ts';

/** Whatever is thrown on the way of a request becomes a problem document; what is our fault is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Messages have their own way for errors: back to the bus.
    if (host.getType() !== 'http') throw error;
    const problem = toProblem(error);
    if (problem.status >= 500 && problem.code !== 'busy') this.log.error({ err: error }, 'a request failed');
    sendProblem(problem, host.switchToHttp().getResponse<Response>());
  }
}
