/** Runs in the database thread. */
import type { DatabaseSync } from 'node:sqlite';
import { errorCodeOf, isUnsynced } from './result-codes.ts';

/** How long after a deletion, in milliseconds: many deletions share one cut. */
const pause = 1_000;

/**
 * What was deleted lives on in the write-ahead log, as the page that it was on, until the log is written over. Cutting the
 * log to nothing takes it away; that is done between calls, a moment after the deletion.
 *
 * @returns call it when something was deleted
 */
export function logCutter(database: DatabaseSync): () => void {
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  let isDue = false;

  function soon(): void {
    if (isDue) return;
    isDue = true;
    setTimeout(cut, pause).unref();
  }

  function cut(): void {
    isDue = false;
    try {
      if (checkpoint.get()?.busy === 0) return;
    } catch (error) {
      // Without room, or with a reader elsewhere, it can wait. What is on the disk after a failed sync nobody knows.
      if (isUnsynced(errorCodeOf(error) ?? 0)) throw error;
    }
    soon();
  }

  return soon;
}
