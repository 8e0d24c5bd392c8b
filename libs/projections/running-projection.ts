import type { Clock } from '#clock';
import type { EventStore } from '#event-store';
import type { Log } from '#telemetry';
import { type Checkpoints, type Projection, runProjection } from './projection.ts';

const shortestPause = 100;
const longestPause = 30_000;

export interface Surroundings {
  readonly events: EventStore;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A projection that is kept running: one that fails (a store is away, an event of a newer version) starts again from
 * its checkpoint, with backoff, for ever.
 */
export class RunningProjection {
  /** Resolves once it has applied everything that was in the log when it started; never, if it is stopped before. */
  readonly caughtUp: Promise<void>;
  /** Resolves with the first failure. */
  readonly failed: Promise<unknown>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #caughtUp = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<unknown>();

  constructor(
    private readonly projection: Projection,
    private readonly surroundings: Surroundings,
  ) {
    this.caughtUp = this.#caughtUp.promise;
    this.failed = this.#failed.promise;
    this.#running = this.#keepRunning();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    const { events, checkpoints, clock, log } = this.surroundings;
    const { signal } = this.#stop;
    for (let pause = shortestPause; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        await runProjection(this.projection, events, checkpoints, signal, () => {
          pause = shortestPause;
          this.#caughtUp.resolve();
        });
      } catch (error) {
        this.#failed.resolve(error);
        log.error({ err: error, projection: this.projection.name }, 'a projection failed and starts again');
        await clock.sleep(pause, signal);
      }
    }
  }
}
