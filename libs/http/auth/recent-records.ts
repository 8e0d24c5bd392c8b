import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import type { JsonObject } from '#contracts';
import { type CollectionDefinition, Documents } from '#documents';

interface Remembered {
  readonly until: number;
  readonly document: Promise<JsonObject | null>;
}

/**
 * Records as they were a moment ago: what every request asks for is read once in two seconds, however many come.
 * The oldest are forgotten first, so its memory is bounded.
 */
@Injectable()
export class RecentRecords {
  static readonly staleMilliseconds = 2_000;
  static readonly most = 10_000;
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly documents: Documents,
    private readonly clock: Clock,
  ) {}

  async get<T extends JsonObject>(collection: CollectionDefinition<T>, id: string): Promise<T | null> {
    const key = `${collection.name}/${id}`;
    const now = this.clock.now().getTime();
    const known = this.#remembered.get(key);
    // What is kept under a collection's name was read from that collection.
    if (known !== undefined && now < known.until) return known.document as Promise<T | null>;
    const document = this.#read(collection, id);
    this.#remember(key, { until: now + RecentRecords.staleMilliseconds, document });
    // A read that failed says nothing of the record: the next who asks reads anew.
    document.catch(() => this.#remembered.delete(key));
    return document;
  }

  async #read<T extends JsonObject>(collection: CollectionDefinition<T>, id: string): Promise<T | null> {
    return (await this.documents.get(collection, id))?.document ?? null;
  }

  #remember(key: string, remembered: Remembered): void {
    this.#remembered.delete(key);
    this.#remembered.set(key, remembered);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= RecentRecords.most) break;
      this.#remembered.delete(oldest);
    }
  }
}
