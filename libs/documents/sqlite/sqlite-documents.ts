import type { JsonObject } from '#contracts';
import { SqliteError, SqliteThread, uniqueViolation } from '#sqlite';
import {
  type CollectionDefinition,
  Documents,
  type Page,
  type PageOptions,
  type Scanned,
  Stale,
  Taken,
  type Versioned,
} from '../documents.ts';
import { toCursor } from './cursor.ts';
import type { DocumentOperations, DocumentRow } from './operations.ts';
import { countQuery, indexOf, listName, pageQuery } from './page-query.ts';
import { tableFor, tableOf } from './schema.ts';

/** What a page may hold in memory, roughly: documents are small. */
const bytesPerDocument = 2_048;
const scanned = 256;

/** Documents in one SQLite file: a table for each collection, a computed column for each indexed field. */
export class SqliteDocuments extends Documents {
  readonly #thread: SqliteThread<DocumentOperations>;
  readonly #tables = new Map<string, { readonly wanted: string; readonly ensured: Promise<void> }>();

  private constructor(thread: SqliteThread<DocumentOperations>) {
    super();
    this.#thread = thread;
  }

  /** @param path a file, or `:memory:` */
  static async open(path: string): Promise<SqliteDocuments> {
    return new SqliteDocuments(await SqliteThread.open<DocumentOperations>(path, './operations', import.meta.url));
  }

  /** Null once closed; the reason when the store ended by itself and has to be opened anew. */
  get ended(): Promise<Error | null> {
    return this.#thread.ended;
  }

  /** Writes that were asked for are still made. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  override async insert<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    document: T,
  ): Promise<void> {
    const text = JSON.stringify(document);
    const table = await this.#ensure(collection);
    const insert = this.#thread.call('insert', { table, id, document: text }, text.length);
    if (!(await orTaken(collection, insert))) throw new Taken(collection.name, 'id');
  }

  override async get<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
  ): Promise<Versioned<T> | null> {
    const table = await this.#ensure(collection);
    const row = await this.#thread.call('get', { table, id }, bytesPerDocument);
    return row === undefined ? null : toVersioned<T>(row);
  }

  override async replace<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    version: number,
    document: T | null,
  ): Promise<void> {
    const text = toText(document);
    const table = await this.#ensure(collection);
    const replace = this.#thread.call('replace', { table, id, version, document: text }, text?.length);
    if (!(await orTaken(collection, replace))) throw new Stale(collection.name, id);
  }

  override async project<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    revision: bigint,
    document: T | null,
  ): Promise<void> {
    const text = toText(document);
    const table = await this.#ensure(collection);
    const input = { table, id, revision: Number(revision), document: text };
    await orTaken(collection, this.#thread.call('project', input, text?.length));
  }

  override async page<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    options: PageOptions,
  ): Promise<Page<T>> {
    const { index, limit } = options;
    const query = pageQuery(collection, options);
    await this.#ensure(collection);
    const rows = await this.#thread.call('page', query, limit * bytesPerDocument);
    const items = rows.slice(0, limit).map((row) => toVersioned<T>(row));
    const last = items.at(-1);
    if (last === undefined || rows.length <= limit) return { items, next: null };
    const { fields } = indexOf(collection, index);
    return { items, next: toCursor(listName(collection, index), fields, last.id, last.document) };
  }

  override async count(
    collection: CollectionDefinition,
    options: Omit<PageOptions, 'order' | 'cursor'>,
  ): Promise<number> {
    const query = countQuery(collection, options);
    await this.#ensure(collection);
    return this.#thread.call('count', query);
  }

  override async *scan<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    from = '',
  ): AsyncGenerator<Scanned<T>, void, void> {
    const table = await this.#ensure(collection);
    for (let next = from; ; ) {
      const input = { table, from: next, limit: scanned };
      const rows = await this.#thread.call('scan', input, scanned * bytesPerDocument);
      for (const { id, revision, document } of rows) {
        // It was a document of this collection when it was written.
        yield { id, revision: revision === null ? null : BigInt(revision), document: JSON.parse(document) as T };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < scanned) return;
      // The least text that is greater.
      next = `${last.id}\0`;
    }
  }

  override async drop(collection: CollectionDefinition): Promise<void> {
    const table = tableOf(collection);
    await this.#thread.call('drop', { table });
    this.#tables.delete(table);
  }

  async #ensure(collection: CollectionDefinition): Promise<string> {
    const input = tableFor(collection);
    const { table } = input;
    const wanted = JSON.stringify(input);
    let known = this.#tables.get(table);
    if (known === undefined) {
      known = { wanted, ensured: this.#thread.call('ensure', input) };
      this.#tables.set(table, known);
      // One that failed, for want of room perhaps, is tried again by the next who comes.
      known.ensured.catch(() => this.#tables.delete(table));
    }
    if (known.wanted !== wanted) throw new TypeError(`the collection ${table} is defined twice, with other indexes`);
    await known.ensured;
    return table;
  }
}

/** SQLite names the columns of the unique index that refused the write. */
async function orTaken<Result>(collection: CollectionDefinition, write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof SqliteError) || error.errorCode !== uniqueViolation) throw error;
    const { name, indexes } = collection;
    const table = tableOf(collection);
    const isNamed = (fields: readonly string[]) =>
      error.message.endsWith(`: ${fields.map((field) => `${table}.field:${field}`).join(', ')}`);
    const index = Object.entries(indexes).find(([, { fields, unique }]) => unique === true && isNamed(fields));
    throw new Taken(name, index?.[0] ?? 'id');
  }
}

function toText(document: JsonObject | null): string | null {
  return document === null ? null : JSON.stringify(document);
}

function toVersioned<T extends JsonObject>({ id, version, document }: DocumentRow): Versioned<T> {
  // It was a document of this collection when it was written.
  return { id, version, document: JSON.parse(document) as T };
}
