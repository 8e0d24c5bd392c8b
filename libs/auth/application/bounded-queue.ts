/** So many at once, so many waiting, and no more. */
export class BoundedQueue {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly maxWaiting: number,
  ) {}

  /** @returns null, at once, when there is no place left even to wait */
  run<T>(work: () => Promise<T>): Promise<T> | null {
    if (this.#running >= this.atOnce && this.#waiting.length >= this.maxWaiting) return null;
    return this.#run(work);
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waited takes the place over, so nobody gets in between.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
