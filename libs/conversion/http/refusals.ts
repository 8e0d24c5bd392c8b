import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { Problem } from '#http';
import { CommandRefused } from '../domain/decide.ts';

/** Says to the client what the decider refused. */
@Injectable()
export class RefusalsAsProblems implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (error instanceof CommandRefused) throw new Problem(error.code);
        throw error;
      }),
    );
  }
}
