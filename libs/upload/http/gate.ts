import type { Clock } from '#clock';

export interface GateSize {
  /** How many are inside at once. */
  readonly places: number;
  /** How many wait at most for a place. */
  readonly waiting: number;
  readonly longestWaitMilliseconds: number;
}

/** Lets so many in at once; a bounded number waits for a bounded time; first come, first served. */
export class Gate {
  readonly #queue = new Set<() => void>();
  #inside = 0;
  /** How long a place is kept: a moving average, in milliseconds. */
  #stay = 1_000;

  constructor(
    private readonly clock: Clock,
    private readonly size: GateSize,
  ) {}

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** In what time, in seconds, all who wait now will have got in, as far as one can tell. */
  get delaySeconds(): number {
    return ((this.#inside + this.#queue.size) / this.size.places) * (this.#stay / 1_000);
  }

  /**
   * @param signal gives up waiting
   * @returns leaves the place again; null when there is no place to be had
   */
  async enter(signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    if (this.#inside < this.size.places) this.#inside += 1;
    else if (!(await this.#wait(signal))) return null;
    const entered = this.clock.now().getTime();
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#stay += (this.clock.now().getTime() - entered - this.#stay) / 8;
      this.#leave();
    };
  }

  #leave(): void {
    const [next] = this.#queue;
    // Whoever waited takes the place over, so nobody gets in between.
    if (next === undefined) this.#inside -= 1;
    else next();
  }

  async #wait(signal: AbortSignal): Promise<boolean> {
    if (this.#queue.size >= this.size.waiting) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const over = new AbortController();
    const end = (isAdmitted: boolean) => {
      this.#queue.delete(admit);
      over.abort();
      resolve(isAdmitted);
    };
    const admit = () => end(true);
    const giveUp = () => end(false);
    this.#queue.add(admit);
    signal.addEventListener('abort', giveUp, { once: true, signal: over.signal });
    void this.clock.sleep(this.size.longestWaitMilliseconds, over.signal).then(giveUp);
    return promise;
  }
}
