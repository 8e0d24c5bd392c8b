import type { Clock } from './clock.ts';

export interface Recurrence {
  /** From the end of one time to the next. */
  readonly everyMilliseconds: number;
  /** From the start to the first time. */
  readonly firstAfterMilliseconds?: number;
}

/** Work that is done now and then until it is stopped. What fails is told of, and done again when its time comes. */
export class Recurring {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /** @param work is given what is aborted when it should end soon */
  constructor(
    private readonly clock: Clock,
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  start(recurrence: Recurrence): void {
    this.#running = this.#repeat(recurrence);
  }

  /** Resolves when the work at hand has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #repeat({ everyMilliseconds, firstAfterMilliseconds = 0 }: Recurrence): Promise<void> {
    const { signal } = this.#stop;
    if (firstAfterMilliseconds > 0) await this.clock.sleep(firstAfterMilliseconds, signal);
    while (!signal.aborted) {
      try {
        await this.work(signal);
      } catch (error) {
        this.onFailure(error);
      }
      await this.clock.sleep(everyMilliseconds, signal);
    }
  }
}
