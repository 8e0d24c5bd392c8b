import type { EventMetadata, JsonObject } from '#contracts';

/** A place in the log of all events. Opaque: only the store that gave it can compare or resume from it. */
export type Position = string & { readonly __position: unique symbol };

export interface NewEvent {
  /** A UUID that is a function of what happened, so that a repetition is known as one. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
}

export interface Recorded extends NewEvent {
  readonly stream: string;
  /** From 0, without a gap within the stream. */
  readonly revision: bigint;
  readonly position: Position;
}

export interface Appended {
  /** Of the last event appended. */
  readonly revision: bigint;
  readonly position: Position;
}

export interface FeedOptions {
  /** The last position handled; null from the beginning. */
  readonly after: Position | null;
  /** What comes before the first `-` of a stream's name. */
  readonly categories: readonly string[];
  readonly signal: AbortSignal;
}

/** A stream's name is `<category>-<id>`. Durable, ordered per stream. */
export abstract class EventStore {
  /**
   * All or nothing: 1 or more events, at most 1 MiB together. Repeating an identical append (the same ids at the
   * same revision) succeeds and adds nothing. Resolved means durable.
   *
   * @param expected revision of the stream's last event, or `no-stream` when there must be none. Never "any".
   * @throws {@link WrongExpectedVersion} somebody else appended: reload and decide again
   * @throws {@link OutcomeUnknown} it may or may not be stored: send the identical append again
   * @throws {@link AppendRefused} the events can never be stored (too large, not JSON, an id that is no UUID)
   * @throws StorageFull there is no room; nothing was stored, and it works again when there is
   */
  abstract append(stream: string, expected: bigint | 'no-stream', events: readonly NewEvent[]): Promise<Appended>;

  /**
   * In order, from the revision given (default 0). Nothing for a stream that is absent.
   * @throws {@link EventUnreadable}
   */
  abstract read(stream: string, from?: bigint): AsyncIterable<Recorded>;

  /**
   * What is stored, then what is being appended: at least once, in order per stream, without a gap; it resubscribes
   * by itself. `caughtUp` comes whenever the end of the log is reached. Ends when the signal is aborted.
   */
  abstract feed(options: FeedOptions): AsyncIterable<Recorded | { readonly caughtUp: Position | null }>;

  /** The position of the log's last event; null while it is empty. */
  abstract head(): Promise<Position | null>;
}

export class WrongExpectedVersion extends Error {
  readonly code = 'wrong-expected-version';
  readonly stream: string;
  readonly expected: bigint | 'no-stream';
  readonly actual: bigint | 'no-stream';
  constructor(stream: string, expected: bigint | 'no-stream', actual: bigint | 'no-stream') {
    super(`${stream} is at ${actual}, not at ${expected}`);
    this.name = 'WrongExpectedVersion';
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

export class OutcomeUnknown extends Error {
  readonly code = 'outcome-unknown';
  constructor(stream: string, options?: ErrorOptions) {
    super(`it is not known whether the append to ${stream} was stored`, options);
    this.name = 'OutcomeUnknown';
  }
}

export class AppendRefused extends Error {
  readonly code = 'append-refused';
  constructor(stream: string, why: string) {
    super(`the append to ${stream} was refused: ${why}`);
    this.name = 'AppendRefused';
  }
}

/** What is stored cannot be read as an event: it was damaged. What comes after it is read from its position on. */
export class EventUnreadable extends Error {
  readonly code = 'event-unreadable';
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  constructor({ stream, revision, position }: Pick<Recorded, 'stream' | 'revision' | 'position'>, cause: unknown) {
    super(`event ${revision} of ${stream} cannot be read`, { cause });
    this.name = 'EventUnreadable';
    this.stream = stream;
    this.revision = revision;
    this.position = position;
  }
}

/** The largest append that every store takes, in bytes of JSON (data and metadata together). */
export const maxAppendBytes = 1_048_576;
