import { Clock } from '#clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that passes only when the test says so. */
export class SimulatedClock extends Clock {
  readonly #sleepers = new Set<Sleeper>();
  #now: number;

  constructor(start = '2026-01-01T00:00:00.000Z') {
    super();
    this.#now = Date.parse(start);
  }

  override now(): Date {
    return new Date(this.#now);
  }

  override sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        until: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Lets the time pass and wakes, in order, whoever slept until then. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      await new Promise(setImmediate);
    }
    this.#now = end;
  }
}
