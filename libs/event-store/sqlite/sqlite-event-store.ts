import { StorageFull } from '#contracts';
import { SqliteThread } from '#sqlite';
import {
  type Appended,
  EventStore,
  EventUnreadable,
  type FeedOptions,
  type NewEvent,
  OutcomeUnknown,
  type Position,
  type Recorded,
  WrongExpectedVersion,
} from '../event-store.ts';
import { toAppendInput } from './append-input.ts';
import { Changes } from './changes.ts';
import { type EventOperations, type EventRow, pageBytes } from './operations.ts';

/** The event log in one SQLite file: positions are row numbers, so they have the order of the commits. */
export class SqliteEventStore extends EventStore {
  readonly #thread: SqliteThread<EventOperations>;
  readonly #changes = new Changes();

  private constructor(thread: SqliteThread<EventOperations>) {
    super();
    this.#thread = thread;
    // Feeds that wait ask the thread again, and fail with its reason.
    thread.ended.then(() => this.#changes.announce());
  }

  /** @param path a file, or `:memory:`. One process at a time: the feeds of another would not hear of appends here. */
  static async open(path: string): Promise<SqliteEventStore> {
    return new SqliteEventStore(await SqliteThread.open<EventOperations>(path, './operations', import.meta.url));
  }

  /** Null once closed; the reason when the store ended by itself and has to be opened anew. */
  get ended(): Promise<Error | null> {
    return this.#thread.ended;
  }

  /** Appends that were asked for are still made; feeds that are open fail. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  override async append(
    stream: string,
    expected: bigint | 'no-stream',
    events: readonly NewEvent[],
  ): Promise<Appended> {
    const { input, bytes } = toAppendInput(stream, expected, events);
    const output = await this.#thread.call('append', input, bytes).catch((error: unknown) => {
      throw error instanceof StorageFull ? error : new OutcomeUnknown(stream, { cause: error });
    });
    if ('actual' in output) {
      throw new WrongExpectedVersion(stream, expected, output.actual === -1 ? 'no-stream' : BigInt(output.actual));
    }
    this.#changes.announce();
    const { revision, position } = output.appended;
    return { revision: BigInt(revision), position: toPosition(position) };
  }

  override async *read(stream: string, from = 0n): AsyncGenerator<Recorded, void, void> {
    for (let next = from; ; ) {
      const { events, isCut } = await this.#thread.call('read', { stream, from: Number(next) }, pageBytes);
      for (const row of events) yield toRecorded(row);
      if (!isCut) return;
      next = BigInt(events.at(-1)?.revision ?? 0) + 1n;
    }
  }

  override async *feed({
    after,
    categories,
    signal,
  }: FeedOptions): AsyncGenerator<Recorded | { readonly caughtUp: Position | null }, void, void> {
    for (let position = after === null ? 0 : toRowNumber(after); !signal.aborted; ) {
      // Taken before reading, so that an append in between is not missed.
      const seen = this.#changes.count;
      const page = await this.#thread.call('after', { position, categories }, pageBytes);
      for (const row of page.events) {
        if (signal.aborted) return;
        yield toRecorded(row);
      }
      position = page.through;
      if (!page.isEnd) continue;
      if (signal.aborted) return;
      yield { caughtUp: position === 0 ? null : toPosition(position) };
      await this.#changes.since(seen, signal);
    }
  }

  override async head(): Promise<Position | null> {
    const position = await this.#thread.call('head', null);
    return position === 0 ? null : toPosition(position);
  }
}

function toPosition(position: number): Position {
  return String(position) as Position;
}

function toRowNumber(position: Position): number {
  if (!/^\d+$/.test(position)) throw new TypeError(`${position} is not a position of this event store`);
  return Number(position);
}

function toRecorded({ stream, id, type, ...row }: EventRow): Recorded {
  const place = { stream, revision: BigInt(row.revision), position: toPosition(row.position) };
  try {
    // They were JSON of these types when they were appended.
    const data = JSON.parse(row.data) as Recorded['data'];
    const metadata = JSON.parse(row.metadata) as Recorded['metadata'];
    return { ...place, id, type, data, metadata };
  } catch (error) {
    throw new EventUnreadable(place, error);
  }
}
