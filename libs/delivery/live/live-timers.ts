import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#clock';
import { Log } from '#telemetry';

interface Timer {
  readonly what: string;
  readonly milliseconds: number;
  work(): void | Promise<void>;
}

/** The few timers that there are, whatever the number of connections. */
@Injectable()
export class LiveTimers implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  readonly #timers: Timer[] = [];
  #running: readonly Promise<void>[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  every(milliseconds: number, what: string, work: Timer['work']): void {
    this.#timers.push({ what, milliseconds, work });
  }

  onApplicationBootstrap(): void {
    this.#running = this.#timers.map((timer) => this.#repeat(timer));
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** What fails, such as for a store that is away, is done again the next time. */
  async #repeat({ what, milliseconds, work }: Timer): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await this.clock.sleep(milliseconds, signal);
      if (signal.aborted) return;
      try {
        await work();
      } catch (error) {
        this.log.warn({ err: error }, `${what} failed and will be repeated`);
      }
    }
  }
}
