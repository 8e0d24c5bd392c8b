import type { EventStore, Recorded } from '#event-store';

/** Tells whoever watches a stream that something was appended to it: one feed, any number of watchers. */
export class StreamFollower {
  readonly #stop = new AbortController();
  readonly #watchers = new Map<string, Set<() => void>>();
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly events: EventStore) {}

  /** Follows the log from its present end. */
  async start(categories: readonly string[]): Promise<void> {
    const after = await this.events.head();
    const { signal } = this.#stop;
    this.#running = (async () => {
      for await (const item of this.events.feed({ after, categories, signal })) {
        if ('caughtUp' in item) continue;
        for (const wake of this.#watchers.get(item.stream) ?? []) wake();
      }
    })();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /**
   * The stream from the revision on, and then what is appended, until the signal is aborted. A slow reader costs
   * nothing but its place: the events are read from the store when it asks for them.
   */
  async *follow(stream: string, from: bigint, signal: AbortSignal): AsyncGenerator<Recorded, void, void> {
    let changed = Promise.withResolvers<void>();
    const wake = () => changed.resolve();
    const watchers = this.#watchers.get(stream) ?? new Set();
    this.#watchers.set(stream, watchers.add(wake));
    signal.addEventListener('abort', wake, { once: true });
    try {
      let next = from;
      while (!signal.aborted) {
        for await (const recorded of this.events.read(stream, next)) {
          if (signal.aborted) return;
          yield recorded;
          next = recorded.revision + 1n;
        }
        await changed.promise;
        changed = Promise.withResolvers();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      watchers.delete(wake);
      if (watchers.size === 0) this.#watchers.delete(stream);
    }
  }
}
