import { DatabaseSync } from 'node:sqlite';

/** https://www.sqlite.org/rescode.html: SQLITE_BUSY, in the low byte of its extended codes. */
const busy = 5;

/**
 * A lock between processes that goes when its holder does, however that ends: SQLite's exclusive lock on a file that
 * holds nothing is one of the kernel. It holds within a process, too.
 */
export class FileLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Null when somebody else holds it. Does not wait. The file is made if need be, and must be opened by nobody else. */
  static take(path: string): FileLock | null {
    const database = new DatabaseSync(path);
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new FileLock(database);
    } catch (error) {
      database.close();
      if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busy) return null;
      throw error;
    }
  }

  /** May be called again. */
  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
