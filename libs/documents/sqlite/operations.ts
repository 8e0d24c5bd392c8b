/** Runs in the database thread: see `libs/sqlite`. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Operations } from '#sqlite';

export interface EnsureInput {
  readonly table: string;
  /** A column for each indexed field, computed from the document and stored in the indexes alone. */
  readonly columns: readonly { readonly name: string; readonly definition: string }[];
  /** CREATE INDEX statements: these and no others. */
  readonly indexes: readonly string[];
}

export interface DocumentRow {
  readonly id: string;
  readonly version: number;
  /** JSON text. */
  readonly document: string;
}

interface At {
  readonly table: string;
  readonly id: string;
}

function isDeletion({ document }: { readonly document: string | null }): boolean {
  return document === null;
}

export type DocumentOperations = ReturnType<typeof prepare>;

export function prepare(database: DatabaseSync) {
  // The highest version that a document of the collection had when it was deleted: see `nextVersion`.
  database.exec(`CREATE TABLE IF NOT EXISTS "deleted:versions" (
    collection TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT`);
  const statements = new Map<string, StatementSync>();

  /** The texts are few: they are made of the names of collections, indexes and fields. */
  function statement(sql: string): StatementSync {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  }

  /** An id that is used again does not begin at a version that it has had, or a stale writer could pass for a new one. */
  function nextVersion(table: string): string {
    return `ifnull((SELECT version FROM "deleted:versions" WHERE collection = '${table}'), 0) + 1`;
  }

  function rememberDeleted(table: string, version: number): void {
    statement(`INSERT INTO "deleted:versions" VALUES (?, ?)
      ON CONFLICT (collection) DO UPDATE SET version = max(version, excluded.version)`).run(table, version);
  }

  function remove({ table, id, version }: At & { version: number }): boolean {
    // A projection may still be behind its deletion: of a projected document a tombstone stays.
    const bury = `UPDATE "${table}" SET version = version + 1, document = NULL
      WHERE id = ? AND version = ? AND document IS NOT NULL AND revision IS NOT NULL`;
    if (statement(bury).run(id, version).changes === 1) return true;
    const erase = `DELETE FROM "${table}" WHERE id = ? AND version = ? AND document IS NOT NULL`;
    if (statement(erase).run(id, version).changes !== 1) return false;
    rememberDeleted(table, version);
    return true;
  }

  function ensure({ table, columns, indexes }: EnsureInput): void {
    database.exec(`CREATE TABLE IF NOT EXISTS "${table}" (
      id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, revision INTEGER, document TEXT) STRICT`);
    const present = database.prepare('SELECT name FROM pragma_table_xinfo(?)').all(table);
    for (const { name, definition } of columns) {
      if (!present.some((column) => column.name === name))
        database.exec(`ALTER TABLE "${table}" ADD COLUMN ${definition}`);
    }
    const existing = database
      .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
      .all(table);
    for (const { name, sql } of existing) if (!indexes.includes(String(sql))) database.exec(`DROP INDEX "${name}"`);
    for (const sql of indexes) if (!existing.some((index) => index.sql === sql)) database.exec(sql);
  }

  return {
    ensure: { writes: true, run: ensure },
    insert: {
      writes: true,
      run: ({ table, id, document }: At & { document: string }): boolean => {
        const sql = `INSERT INTO "${table}" (id, version, document) VALUES (?, ${nextVersion(table)}, ?)
          ON CONFLICT (id) DO UPDATE SET version = version + 1, document = excluded.document WHERE document IS NULL`;
        return statement(sql).run(id, document).changes === 1;
      },
    },
    replace: {
      writes: true,
      erases: isDeletion,
      run: ({ table, id, version, document }: At & { version: number; document: string | null }): boolean => {
        if (document === null) return remove({ table, id, version });
        const sql = `UPDATE "${table}" SET version = version + 1, document = ?
          WHERE id = ? AND version = ? AND document IS NOT NULL`;
        return statement(sql).run(document, id, version).changes === 1;
      },
    },
    project: {
      writes: true,
      erases: isDeletion,
      run: ({ table, id, revision, document }: At & { revision: number; document: string | null }): void => {
        const sql = `INSERT INTO "${table}" (id, version, revision, document) VALUES (?, ${nextVersion(table)}, ?, ?)
          ON CONFLICT (id) DO UPDATE
          SET version = version + 1, revision = excluded.revision, document = excluded.document
          WHERE revision IS NULL OR excluded.revision > revision`;
        statement(sql).run(id, revision, document);
      },
    },
    get: {
      writes: false,
      run: ({ table, id }: At): DocumentRow | undefined => {
        const sql = `SELECT id, version, document FROM "${table}" WHERE id = ? AND document IS NOT NULL`;
        return statement(sql).get(id) as DocumentRow | undefined;
      },
    },
    page: {
      writes: false,
      run: ({ sql, parameters }: { sql: string; parameters: readonly SQLInputValue[] }) =>
        statement(sql).all(...parameters) as unknown as readonly DocumentRow[],
    },
    count: {
      writes: false,
      run: ({ sql, parameters }: { sql: string; parameters: readonly SQLInputValue[] }): number =>
        Number(statement(sql).get(...parameters)?.count),
    },
  } satisfies Operations;
}
