import type { Clock } from '#clock';
import type { EventStore } from '#event-store';
import type { Log } from '#telemetry';
import { type Checkpoints, type Projection, runProjection } from './projection.ts';

const longestPause = 30_000;

/**
 * Keeps projections running: one that fails (a store is away, an event of a newer version) starts again from its
 * checkpoint, with backoff, for ever.
 */
export class ProjectionRunner {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #caughtUp = new Map<string, PromiseWithResolvers<void>>();

  constructor(
    private readonly events: EventStore,
    private readonly checkpoints: Checkpoints,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(projection: Projection): void {
    this.#caughtUp.set(projection.name, Promise.withResolvers());
    this.#running.push(this.#keepRunning(projection));
  }

  /** Resolves once the projection has applied everything that was in the log when it started. */
  caughtUp(name: string): Promise<void> {
    const waiting = this.#caughtUp.get(name);
    if (waiting === undefined) throw new Error(`there is no projection ${name}`);
    return waiting.promise;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #keepRunning(projection: Projection): Promise<void> {
    const { signal } = this.#stop;
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        await runProjection(projection, this.events, this.checkpoints, signal, () => {
          pause = 100;
          this.#caughtUp.get(projection.name)?.resolve();
        });
      } catch (error) {
        this.log.error({ err: error, projection: projection.name }, 'a projection failed and starts again');
        await this.clock.sleep(pause, signal);
      }
    }
  }
}
