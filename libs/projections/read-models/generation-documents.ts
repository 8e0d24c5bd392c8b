import type { JsonObject } from '#contracts';
import {
  type CollectionDefinition,
  Documents,
  type Page,
  type PageOptions,
  type Scanned,
  type Versioned,
} from '#documents';
import type { Generation, ReadModel } from './read-model.ts';

/** A read model's collections as one of its generations has them; all other collections as they are. */
export class GenerationDocuments extends Documents {
  readonly #names: ReadonlySet<string>;

  constructor(
    private readonly documents: Documents,
    { collections }: ReadModel,
    private readonly generation: Generation,
  ) {
    super();
    this.#names = new Set(collections.map(({ name }) => name));
  }

  override insert<T extends JsonObject>(collection: CollectionDefinition<T>, id: string, document: T): Promise<void> {
    return this.documents.insert(this.#placed(collection), id, document);
  }

  override get<T extends JsonObject>(collection: CollectionDefinition<T>, id: string): Promise<Versioned<T> | null> {
    return this.documents.get(this.#placed(collection), id);
  }

  override replace<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    version: number,
    document: T | null,
  ): Promise<void> {
    return this.documents.replace(this.#placed(collection), id, version, document);
  }

  override project<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    revision: bigint,
    document: T | null,
  ): Promise<void> {
    return this.documents.project(this.#placed(collection), id, revision, document);
  }

  override page<T extends JsonObject>(collection: CollectionDefinition<T>, options: PageOptions): Promise<Page<T>> {
    return this.documents.page(this.#placed(collection), options);
  }

  override count(collection: CollectionDefinition, options: Omit<PageOptions, 'order' | 'cursor'>): Promise<number> {
    return this.documents.count(this.#placed(collection), options);
  }

  override scan<T extends JsonObject>(collection: CollectionDefinition<T>, from?: string): AsyncIterable<Scanned<T>> {
    return this.documents.scan(this.#placed(collection), from);
  }

  override drop(collection: CollectionDefinition): Promise<void> {
    return this.documents.drop(this.#placed(collection));
  }

  #placed<T extends JsonObject>(collection: CollectionDefinition<T>): CollectionDefinition<T> {
    if (!this.#names.has(collection.name)) return collection;
    const { version, number } = this.generation;
    return { ...collection, storedAs: `${collection.name}-v${version}-g${number}` };
  }
}
