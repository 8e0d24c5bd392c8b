import type { JsonObject } from '#contracts';

/** How a collection can be read in order: absent or null, numbers, strings. Equal values are ordered by id. */
export interface IndexDefinition {
  /** Top-level fields; their values are strings, numbers, booleans or null. */
  readonly fields: readonly string[];
  /**
   * No two documents may have the same values in these fields. Documents that lack one of them, or have null there, do
   * not count, and are not in pages by this index.
   */
  readonly unique?: boolean;
}

export interface CollectionDefinition<T extends JsonObject = JsonObject> {
  readonly name: string;
  /** Where it lies, when not under its name: a read model has several generations. Cursors hold for all of them. */
  readonly storedAs?: string;
  /** `record`: true by itself. `read-model`: folded from events, may be thrown away and rebuilt. */
  readonly kind: 'record' | 'read-model';
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  /** Never set: carries the documents' type. */
  readonly __document?: T;
}

export function defineCollection<T extends JsonObject>(
  definition: Omit<CollectionDefinition<T>, '__document'>,
): CollectionDefinition<T> {
  return definition;
}

export interface Versioned<T> {
  readonly id: string;
  readonly document: T;
  /** One more with every write; an id that is used again after a deletion never gets a version that it has had. */
  readonly version: number;
}

type Scalar = string | number | boolean | null;

/** A document as a scan of its whole collection gives it. */
export interface Scanned<T> {
  readonly id: string;
  readonly document: T;
  /** Of the event that it was last projected from; null for a record. */
  readonly revision: bigint | null;
}

export interface PageOptions {
  readonly index: string;
  /** Values of the index's leading fields, in its order; the rest of the index orders the page. */
  readonly equals?: readonly Scalar[];
  /** Bounds of the first field after `equals`: at least, and less than. They find values of their own type only. */
  readonly from?: Scalar;
  readonly to?: Scalar;
  readonly order?: 'ascending' | 'descending';
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly Versioned<T>[];
  /** Null on the last page. */
  readonly next: string | null;
}

/**
 * JSON documents in collections. A write is to one document and durable when resolved. No multi-document
 * transaction, no increments. A collection and its indexes come into being at its first use.
 * Every write may be refused with StorageFull, and works again when there is room.
 */
export abstract class Documents {
  /** @throws {@link Taken} the id exists, or a unique index has these values already */
  abstract insert<T extends JsonObject>(collection: CollectionDefinition<T>, id: string, document: T): Promise<void>;

  abstract get<T extends JsonObject>(collection: CollectionDefinition<T>, id: string): Promise<Versioned<T> | null>;

  /**
   * Compare and set; null deletes.
   * @throws {@link Stale} the document is not at this version, or gone
   * @throws {@link Taken} another document has these values in a unique index
   */
  abstract replace<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    version: number,
    document: T | null,
  ): Promise<void>;

  /**
   * A projection's write: applied only if `revision` is newer than the one the document was last projected from,
   * also when it has been deleted since (null leaves a tombstone).
   */
  abstract project<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    revision: bigint,
    document: T | null,
  ): Promise<void>;

  /** Goes by the index alone. Under concurrent inserts no document is given twice or left out that was there before. */
  abstract page<T extends JsonObject>(collection: CollectionDefinition<T>, options: PageOptions): Promise<Page<T>>;

  /** How many documents a page without end would give, counted up to `limit`. */
  abstract count(
    collection: CollectionDefinition,
    options: Pick<PageOptions, 'index' | 'equals' | 'from' | 'to' | 'limit'>,
  ): Promise<number>;

  /**
   * Every document, in the order of the ids, a page in memory at a time: for maintenance, not for requests. What is
   * written meanwhile may be given or not.
   * @param from the first id to be given, if it is there
   */
  abstract scan<T extends JsonObject>(collection: CollectionDefinition<T>, from?: string): AsyncIterable<Scanned<T>>;

  /**
   * The collection is as if it had never been, tombstones included. Only for read models, and once nobody writes to it
   * any more. May be repeated.
   */
  abstract drop(collection: CollectionDefinition): Promise<void>;
}

export class Taken extends Error {
  readonly code = 'taken';
  readonly collection: string;
  /** The index whose values are taken, or `id`. */
  readonly index: string;
  constructor(collection: string, index: string) {
    super(`${collection} has a document with this ${index} already`);
    this.name = 'Taken';
    this.collection = collection;
    this.index = index;
  }
}

export class Stale extends Error {
  readonly code = 'stale';
  constructor(collection: string, id: string) {
    super(`${collection}/${id} was changed or deleted by somebody else`);
    this.name = 'Stale';
  }
}

export class InvalidCursor extends Error {
  readonly code = 'invalid-cursor';
  constructor() {
    super('the cursor was not given out by this list');
    this.name = 'InvalidCursor';
  }
}
