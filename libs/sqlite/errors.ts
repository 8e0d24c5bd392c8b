import { StorageFull } from '#contracts';
import { isFull } from './result-codes.ts';

/** The operation failed and left nothing behind; `errorCode` is SQLite's extended result code, if it came from there. */
export class SqliteError extends Error {
  readonly code = 'sqlite-error';
  readonly errorCode: number | null;
  constructor(message: string, errorCode: number | null) {
    super(message);
    this.name = 'SqliteError';
    this.errorCode = errorCode;
  }
}

/** The thread is gone, and with it the answer: what was asked may or may not have been done. */
export class SqliteThreadEnded extends Error {
  readonly code = 'sqlite-thread-ended';
  constructor(why: string, options?: ErrorOptions) {
    super(`the database thread has ended: ${why}`, options);
    this.name = 'SqliteThreadEnded';
  }
}

export function toError({ message, errorCode }: { message: string; errorCode: number | null }): Error {
  const error = new SqliteError(message, errorCode);
  return errorCode !== null && isFull(errorCode) ? new StorageFull({ cause: error }) : error;
}
