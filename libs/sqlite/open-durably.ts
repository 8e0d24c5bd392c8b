import { DatabaseSync } from 'node:sqlite';

const full = 2;
const on = 1;

/**
 * Opens the file so that a commit is on the disk when it returns, and that what is deleted is overwritten with zeros.
 * These are properties of the connection, not of the file: they are set and read back at every open.
 *
 * @param path a file, or `:memory:`
 */
export function openDurably(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    expectPragma(database, 'journal_mode', path === ':memory:' ? 'memory' : 'wal');
    expectPragma(database, 'synchronous', full);
    expectPragma(database, 'secure_delete', on);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function expectPragma(database: DatabaseSync, name: string, expected: string | number): void {
  const actual = database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (actual !== expected) throw new Error(`SQLite did not take ${name}=${expected}, it is at ${String(actual)}`);
}
