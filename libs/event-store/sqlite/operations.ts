/** Runs in the database thread: see `libs/sqlite`. */
import type { DatabaseSync } from 'node:sqlite';
import type { Operations } from '#sqlite';

export interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** JSON text. */
  readonly data: string;
  readonly metadata: string;
}

export interface AppendInput {
  readonly stream: string;
  readonly category: string;
  /** -1 for a stream that must not exist. */
  readonly expected: number;
  readonly events: readonly Pick<EventRow, 'id' | 'type' | 'data' | 'metadata'>[];
}

type AppendOutput =
  | { readonly appended: { readonly revision: number; readonly position: number } }
  /** -1 for a stream that does not exist. */
  | { readonly actual: number };

/** What a page may hold; at least one event, whatever its size. */
export const pageBytes = 262_144;
const pageEvents = 256;
/** Events looked at for a page, wanted or not: what bounds the time that others wait for it. */
const pageReach = 1_024;

// Rows are never deleted and a failed append takes its rows back, so positions have no gaps.
const schema = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    category TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
`;
const columns = 'position, stream, revision, id, type, data, metadata';

export type EventOperations = ReturnType<typeof prepare>;

export function prepare(database: DatabaseSync) {
  database.exec(schema);
  const last = database.prepare('SELECT max(revision) AS revision FROM events WHERE stream = ?');
  const following = database.prepare(
    'SELECT id, revision, position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
  );
  const insert = database.prepare(
    'INSERT INTO events (stream, revision, category, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const ofStream = database.prepare(
    `SELECT ${columns} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ${pageEvents}`,
  );
  const head = database.prepare('SELECT max(position) AS position FROM events');
  const between = database.prepare(
    `SELECT ${columns} FROM events
     WHERE position > ? AND position <= ? AND category IN (SELECT value FROM json_each(?))
     ORDER BY position LIMIT ${pageEvents}`,
  );

  function headPosition(): number {
    const row = head.get() as { position: number | null };
    return row.position ?? 0;
  }

  /** The same ids at the same place: this append was here before. */
  function repeated({ stream, expected, events }: AppendInput) {
    const rows = following.all(stream, expected, events.length) as unknown as EventRow[];
    const isSame = rows.length === events.length && rows.every(({ id }, index) => id === events[index]?.id);
    return isSame ? rows.at(-1) : undefined;
  }

  function append(input: AppendInput): AppendOutput {
    const { stream, category, expected, events } = input;
    const { revision } = last.get(stream) as { revision: number | null };
    const actual = revision ?? -1;
    if (actual !== expected) {
      const before = actual > expected ? repeated(input) : undefined;
      return before === undefined ? { actual } : { appended: { revision: before.revision, position: before.position } };
    }
    let position = 0;
    for (const [index, { id, type, data, metadata }] of events.entries()) {
      const inserted = insert.run(stream, expected + 1 + index, category, id, type, data, metadata);
      position = Number(inserted.lastInsertRowid);
    }
    return { appended: { revision: expected + events.length, position } };
  }

  return {
    append: { writes: true, run: append },
    read: {
      writes: false,
      run: ({ stream, from }: { stream: string; from: number }): Page =>
        takePage(ofStream.iterate(stream, from) as unknown as Iterable<EventRow>),
    },
    /** The next wanted events after a position, and how far was looked for them. */
    after: {
      writes: false,
      run: ({ position, categories }: { position: number; categories: readonly string[] }) => {
        const end = headPosition();
        const reach = Math.min(position + pageReach, end);
        const rows = between.iterate(position, reach, JSON.stringify(categories)) as unknown as Iterable<EventRow>;
        const { events, isCut } = takePage(rows);
        const through = isCut ? (events.at(-1)?.position ?? position) : Math.max(position, reach);
        return { events, through, isEnd: through >= end };
      },
    },
    head: { writes: false, run: (_input: null): number => headPosition() },
  } satisfies Operations;
}

interface Page {
  readonly events: readonly EventRow[];
  /** Whether more may follow what was asked for. */
  readonly isCut: boolean;
}

function takePage(rows: Iterable<EventRow>): Page {
  const events: EventRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.data.length + row.metadata.length;
    if (events.length > 0 && bytes > pageBytes) return { events, isCut: true };
    events.push(row);
  }
  return { events, isCut: events.length === pageEvents };
}
