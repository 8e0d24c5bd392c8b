/** Work by key: one at a time for each key, in order; different keys at the same time, up to a limit. */
export class KeyQueue {
  readonly #waiting = new Map<string, (() => Promise<void>)[]>();
  readonly #ready: string[] = [];
  #running = 0;
  #idle: PromiseWithResolvers<void> | null = null;

  constructor(private readonly concurrency: number) {}

  /** How many are waiting or running. */
  #size = 0;
  get size(): number {
    return this.#size;
  }

  /** @param work never rejects */
  add(key: string, work: () => Promise<void>): void {
    this.#size += 1;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.push(work);
      return;
    }
    this.#waiting.set(key, [work]);
    this.#ready.push(key);
    this.#start();
  }

  /** Resolves when nothing is waiting or running. */
  idle(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  #start(): void {
    while (this.#running < this.concurrency) {
      const key = this.#ready.shift();
      if (key === undefined) return;
      this.#running += 1;
      // Never within the caller's turn: whoever adds does not wait for whoever works.
      setImmediate(() => void this.#runNext(key));
    }
  }

  async #runNext(key: string): Promise<void> {
    const waiting = this.#waiting.get(key) ?? [];
    await waiting[0]?.();
    waiting.shift();
    this.#running -= 1;
    this.#size -= 1;
    if (waiting.length > 0) this.#ready.push(key);
    else this.#waiting.delete(key);
    if (this.#size === 0) {
      this.#idle?.resolve();
      this.#idle = null;
    }
    this.#start();
  }
}
