import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import { Log } from '#telemetry';
import { TaskQueue } from '../queue/task-queue.ts';
import { EncoderIdentity } from './encoder-engine.ts';
import { TaskRun, TaskStopped } from './task-run.ts';

/** How long a slot with nothing to do waits before it looks by itself: for retries that are due and leases that ran out. */
const idleMilliseconds = 1_000;
/** Pause after the queue could not be asked. */
const troubleMilliseconds = 1_000;

interface Run {
  readonly conversionId: string;
  readonly stop: AbortController;
}

/** As many tasks at once as there are slots. */
@Injectable()
export class Slots implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #closing = new AbortController();
  readonly #running = new Set<Run>();
  #loops: Promise<void>[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(
    private readonly queue: TaskQueue,
    private readonly task: TaskRun,
    private readonly identity: EncoderIdentity,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get busy(): number {
    return this.#running.size;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.takeBack(this.identity.name);
    this.#loops = Array.from({ length: this.config.encoderConcurrency }, () => this.#loop());
  }

  /** Lets what runs finish within half the grace period, then hands it back. */
  async onModuleDestroy(): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    const finished = new AbortController();
    const handBack = (async () => {
      await this.clock.sleep((this.config.shutdownGraceSeconds * 1_000) / 2, finished.signal);
      for (const { stop } of this.#running) stop.abort(new TaskStopped('shutting down'));
    })();
    await Promise.all(this.#loops);
    finished.abort();
    await handBack;
  }

  /** Something may be claimable now. */
  wake(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  /** The conversion has ended: whatever runs for it here stops. */
  stop(conversionId: string): void {
    for (const run of this.#running) {
      if (run.conversionId === conversionId) run.stop.abort(new TaskStopped('conversion ended'));
    }
  }

  async #loop(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const woken = this.#wake.promise;
      try {
        if (await this.#workOnNext()) continue;
        await this.#idle(woken);
      } catch (error) {
        this.log.error({ err: error }, 'an encoder slot failed and goes on');
        await this.clock.sleep(troubleMilliseconds, this.#closing.signal);
      }
    }
  }

  /** @returns false when there was nothing to do */
  async #workOnNext(): Promise<boolean> {
    await this.queue.releaseExpired();
    const row = await this.queue.claim(this.identity.name);
    if (row === null) return false;
    const run: Run = { conversionId: row.document.conversionId, stop: new AbortController() };
    this.#running.add(run);
    try {
      await this.task.run(row, run.stop);
    } finally {
      this.#running.delete(run);
    }
    return true;
  }

  async #idle(woken: Promise<void>): Promise<void> {
    const slept = new AbortController();
    await Promise.race([
      woken,
      this.clock.sleep(idleMilliseconds, AbortSignal.any([slept.signal, this.#closing.signal])),
    ]);
    slept.abort();
  }
}
