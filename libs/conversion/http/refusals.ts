import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { TooMuchContention } from '#actors';
import { Problem } from '#http';
import { CommandRefused } from '../domain/decide.ts';

/** Says to the client what the decider refused. */
@Injectable()
export class RefusalsAsProblems implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (error instanceof CommandRefused) throw new Problem(error.code);
        if (error instanceof TooMuchContention) throw new Problem('busy', error.message, { retryAfterSeconds: 1 });
        throw error;
      }),
    );
  }
}
