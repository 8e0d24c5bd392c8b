import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import { Log } from '#telemetry';
import { EraseAccount } from './erase-account.ts';
import { Sessions } from './sessions.ts';

/** At the start and now and then: finishes erasures that something came between, and removes ended sessions. */
@Injectable()
export class AccountSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly erasing: EraseAccount,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#keepSweeping();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #keepSweeping(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#untilNothingIsLeft(() => this.erasing.sweep());
        await this.#untilNothingIsLeft(() => this.sessions.sweep());
      } catch (error) {
        this.log.error({ err: error }, 'the sweep of accounts failed and will be repeated');
      }
      await this.clock.sleep(this.config.sweepSeconds * 1_000, signal);
    }
  }

  async #untilNothingIsLeft(sweep: () => Promise<number>): Promise<void> {
    while (!this.#stop.signal.aborted && (await sweep()) > 0);
  }
}
