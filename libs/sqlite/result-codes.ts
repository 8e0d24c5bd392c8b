/** SQLite's extended result codes that are told apart here: https://www.sqlite.org/rescode.html */

/** SQLITE_CONSTRAINT_UNIQUE. */
export const uniqueViolation = 2067;

/** SQLITE_FULL; SQLITE_IOERR_WRITE, which it gives for a used-up quota; SQLITE_IOERR_SHMSIZE. */
const full: readonly number[] = [13, 778, 4874];

/** SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC. */
const unsynced: readonly number[] = [1034, 1290];

export function isFull(errorCode: number): boolean {
  return full.includes(errorCode);
}

/** After a sync that failed nobody knows what is on the disk, and a second sync may well lie about it. */
export function isUnsynced(errorCode: number): boolean {
  return unsynced.includes(errorCode);
}

/** node:sqlite puts SQLite's extended result code on its errors. */
export function errorCodeOf(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
