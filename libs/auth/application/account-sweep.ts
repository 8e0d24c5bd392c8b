import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, Recurring } from '#clock';
import { Config } from '#config';
import { Log } from '#telemetry';
import { EraseAccount } from './erase-account.ts';
import { Sessions } from './sessions.ts';

/** At the start and now and then: finishes erasures that something came between, and removes ended sessions. */
@Injectable()
export class AccountSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #recurring: Recurring;

  constructor(
    private readonly erasing: EraseAccount,
    private readonly sessions: Sessions,
    private readonly config: Config,
    clock: Clock,
    log: Log,
  ) {
    this.#recurring = new Recurring(
      clock,
      (signal) => this.#sweep(signal),
      (error) => log.error({ err: error }, 'the sweep of accounts failed and will be repeated'),
    );
  }

  onApplicationBootstrap(): void {
    this.#recurring.start({ everyMilliseconds: this.config.sweepSeconds * 1_000 });
  }

  onApplicationShutdown(): Promise<void> {
    return this.#recurring.stop();
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.erasing.sweep()) > 0);
    while (!signal.aborted && (await this.sessions.sweep()) > 0);
  }
}
