/** Operations for the spec of the thread; as an adapter's they run inside it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Operations } from './protocol.ts';

export type NoteOperations = ReturnType<typeof prepare>;

export function prepare(database: DatabaseSync) {
  database.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE) STRICT');
  const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
  return {
    add: { writes: true, run: (text: string): number => Number(insert.run(text).lastInsertRowid) },
    remove: {
      writes: true,
      erases: (_text: string) => true,
      run: (text: string): void => {
        database.prepare('DELETE FROM notes WHERE text = ?').run(text);
      },
    },
    /** Writes, and then fails. */
    addAndFail: {
      writes: true,
      run: (text: string): void => {
        insert.run(text);
        throw new Error('failed after writing');
      },
    },
    /** As a full disk or an impatient SQLite may: the transaction is gone, whoever was in it. */
    loseTransaction: { writes: true, run: (_: null): void => database.exec('ROLLBACK') },
    all: { writes: false, run: (_: null) => database.prepare('SELECT text FROM notes ORDER BY id').all() },
    pragma: {
      writes: false,
      run: (name: string) => database.prepare(`PRAGMA ${name}`).get()?.[name.split('=')[0] ?? ''],
    },
    die: {
      writes: false,
      run: (_: null): void => {
        process.exit(3);
      },
    },
  } satisfies Operations;
}
