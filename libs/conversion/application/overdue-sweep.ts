import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import { deriveId } from '#contracts';
import { Documents, pagesOf } from '#documents';
import { Log } from '#telemetry';
import { ConversionActors } from './conversion-actors.ts';
import { conversionList } from './conversion-list.ts';
import { ConversionListRunner } from './conversion-list-runner.ts';

const pageSize = 100;

/**
 * Wakes every unfinished conversion, at the start and now and then: what its state says is outstanding is offered
 * again, and one that is past its deadline ends. This is all that recovery is.
 */
@Injectable()
export class OverdueSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly actors: ConversionActors,
    private readonly documents: Documents,
    private readonly list: ConversionListRunner,
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
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.list.caughtUp(), stopped]);
    while (!signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        this.log.error({ err: error }, 'the sweep of unfinished conversions failed and will be repeated');
      }
      await this.clock.sleep(this.config.sweepSeconds * 1_000, signal);
    }
  }

  /** Wakes every unfinished conversion once. */
  async sweep(): Promise<void> {
    const unfinished = { index: 'byProgress', equals: [true], limit: pageSize };
    for await (const page of pagesOf(this.documents, conversionList, unfinished)) {
      for (const { id } of page) {
        if (this.#stop.signal.aborted) return;
        await this.#wakeOrExpire(id);
      }
    }
  }

  async #wakeOrExpire(conversionId: string): Promise<void> {
    const { state } = await this.actors.wakeAgain(conversionId);
    const now = this.clock.now();
    if (state.status === 'absent' || Date.parse(state.request.deadline) > now.getTime()) return;
    await this.actors.execute({
      type: 'ExpireConversion',
      id: deriveId(conversionId, 'expire'),
      conversionId,
      at: now.toISOString(),
      data: { code: 'timed-out', detail: '' },
    });
  }
}
