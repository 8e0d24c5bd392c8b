import type { Caller } from '#http';
import type { LiveConversions, Told } from './live-conversions.ts';
import type { LiveMetrics } from './live-metrics.ts';
import type { Outbox } from './outbox.ts';

interface Subscription {
  /** The next event of the history to tell; null for whoever wants the status only. */
  next: bigint | null;
  /** Revision of the last status told: it never goes back. */
  told: bigint;
}

type News = 'document' | 'progress';

/**
 * What one client watches, and what it has not been told yet: not messages but marks, so that a reader who is behind
 * gets the latest of each conversion, and takes the same memory however long it is behind.
 */
export class LiveSocket {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #pending = new Map<string, News>();
  #isTelling = false;
  /** Of all of the user's; one that is catching up has not been marked for everything that it missed. */
  all: 'none' | 'catching-up' | 'live' = 'none';

  constructor(
    readonly caller: Caller,
    readonly outbox: Outbox,
    private readonly conversions: LiveConversions,
    private readonly metrics: LiveMetrics,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  get subscribed(): ReadonlyMap<string, unknown> {
    return this.#subscriptions;
  }

  /** Conversions with news that has not been told. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Whether it was told everything that it was marked for. */
  get isUpToDate(): boolean {
    return !this.#isTelling && this.#pending.size === 0;
  }

  /** @param next the revision from which each event is told; null for none */
  subscribe(id: string, next: bigint | null): void {
    this.#subscriptions.set(id, { next, told: -1n });
    this.changed(id);
  }

  unsubscribe(id: string): void {
    this.#subscriptions.delete(id);
    if (this.all === 'none') this.#pending.delete(id);
  }

  /** There is another status, or the conversion is deleted. */
  changed(id: string): void {
    if (!this.#watches(id)) return;
    // Last in the row, also when it was there before: nobody is kept waiting by one that changes all the time.
    if (this.#pending.delete(id)) this.metrics.coalesced();
    this.#pending.set(id, 'document');
    this.#tell();
  }

  progressed(id: string): void {
    if (!this.#watches(id)) return;
    if (this.#pending.has(id)) this.metrics.coalesced();
    else this.#pending.set(id, 'progress');
    this.#tell();
  }

  #watches(id: string): boolean {
    return this.all !== 'none' || this.#subscriptions.has(id);
  }

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#tellPending().catch(this.onFailure);
  }

  /** Goes to the end without waiting, where the reader has room and the conversions are at hand. */
  async #tellPending(): Promise<void> {
    try {
      for (const id of this.#pending.keys()) {
        if (this.outbox.isFull) await this.outbox.room();
        if (!this.outbox.isOpen) return;
        // What it is by now: waiting may have made more of it.
        const news = this.#pending.get(id);
        this.#pending.delete(id);
        if (news === 'progress') this.#tellProgress(id);
        else if (news === 'document') await this.#tellChange(id);
      }
    } finally {
      this.#isTelling = false;
    }
  }

  #tellProgress(id: string): void {
    const text = this.conversions.progressOf(id);
    if (text === undefined) return;
    this.outbox.send(text);
    this.metrics.told('progress');
  }

  async #tellChange(id: string): Promise<void> {
    const told = this.conversions.current(id) ?? (await this.conversions.load(id));
    // Not begun yet, or nobody watches any more.
    if (told === null || !this.#watches(id)) return;
    const subscription = this.#subscriptions.get(id);
    if (subscription !== undefined) {
      if (subscription.next !== null) await this.#tellHistory(told, subscription, subscription.next);
      if (subscription.told >= told.view.revision) return;
      subscription.told = told.view.revision;
    }
    this.outbox.send(told.document);
    this.metrics.told(told.view.deleted ? 'deleted' : 'conversion');
  }

  async #tellHistory(told: Told, subscription: Subscription, next: bigint): Promise<void> {
    for await (const { revision, text } of this.conversions.history(told, next)) {
      if (this.outbox.isFull) await this.outbox.room();
      if (!this.outbox.isOpen || this.#subscriptions.get(told.view.id) !== subscription) return;
      this.outbox.send(text);
      this.metrics.told('event');
      subscription.next = revision + 1n;
    }
  }
}
