import { Catch, type ExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/** A handler's error goes back to the bus as it is; Nest would put "Internal server error" in its place. */
@Catch()
export class FailuresToBus implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
