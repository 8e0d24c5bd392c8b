import type { Clock } from '#clock';
import type { JsonObject } from '#contracts';
import {
  type CollectionDefinition,
  Documents,
  type Page,
  type PageOptions,
  type Scanned,
  type Versioned,
} from '#documents';
import type { Chance } from './chance.ts';

const longestDelay = 3_000;

/** Documents whose projections lag behind by seconds, and are applied twice. */
export class AdverseDocuments extends Documents {
  constructor(
    private readonly documents: Documents,
    private readonly chance: Chance,
    private readonly share: number,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async project<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    revision: bigint,
    document: T | null,
  ): Promise<void> {
    if (this.chance.hits(this.share)) await this.clock.sleep(this.chance.below(longestDelay));
    await this.documents.project(collection, id, revision, document);
    if (this.chance.hits(this.share)) await this.documents.project(collection, id, revision, document);
  }

  override insert<T extends JsonObject>(collection: CollectionDefinition<T>, id: string, document: T): Promise<void> {
    return this.documents.insert(collection, id, document);
  }

  override get<T extends JsonObject>(collection: CollectionDefinition<T>, id: string): Promise<Versioned<T> | null> {
    return this.documents.get(collection, id);
  }

  override replace<T extends JsonObject>(
    collection: CollectionDefinition<T>,
    id: string,
    version: number,
    document: T | null,
  ): Promise<void> {
    return this.documents.replace(collection, id, version, document);
  }

  override page<T extends JsonObject>(collection: CollectionDefinition<T>, options: PageOptions): Promise<Page<T>> {
    return this.documents.page(collection, options);
  }

  override count(collection: CollectionDefinition, options: Omit<PageOptions, 'order' | 'cursor'>): Promise<number> {
    return this.documents.count(collection, options);
  }

  override scan<T extends JsonObject>(collection: CollectionDefinition<T>, from?: string): AsyncIterable<Scanned<T>> {
    return this.documents.scan(collection, from);
  }

  override drop(collection: CollectionDefinition): Promise<void> {
    return this.documents.drop(collection);
  }
}
