import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import { type ConversionCommand, deriveId } from '#contracts';
import { pagesOf } from '#documents';
import { ReadModels } from '#projections';
import { continueTrace, Log, recordSpan } from '#telemetry';
import { ConversionActors, type Woken } from './conversion-actors.ts';
import { conversionList } from './conversion-list.ts';
import { conversionListModel } from './conversion-list-model.ts';

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
    private readonly readModels: ReadModels,
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
    await Promise.race([this.readModels.caughtUp(conversionListModel), stopped]);
    while (!signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        this.log.error({ err: error }, 'the sweep of unfinished conversions failed and will be repeated');
      }
      await this.clock.sleep(this.config.sweepSeconds * 1_000, signal);
    }
  }

  /**
   * Wakes every unfinished conversion once. The sweep serves many conversions, so it is a trace of its own with a link
   * to each of theirs; one that only repeats what has been done is none.
   */
  async sweep(): Promise<void> {
    const from = this.clock.now();
    const woken: string[] = [];
    try {
      await this.#wakeAll(woken);
    } finally {
      const options = { from, to: this.clock.now(), links: woken, attributes: { 'mixdown.sweep.woken': woken.length } };
      if (woken.length > 0) recordSpan(undefined, 'sweep unfinished conversions', options);
    }
  }

  /** @param woken gets the traces of those for which it was no repetition */
  async #wakeAll(woken: string[]): Promise<void> {
    const unfinished = { index: 'byProgress', equals: [true], limit: pageSize };
    for await (const page of pagesOf(await this.readModels.of(conversionListModel), conversionList, unfinished)) {
      for (const { id } of page) {
        if (this.#stop.signal.aborted) return;
        const { isRepetition, traceparent } = await this.#wakeOrExpire(id);
        if (!isRepetition && traceparent !== undefined) woken.push(traceparent);
      }
    }
  }

  async #wakeOrExpire(conversionId: string): Promise<Woken> {
    const woken = await this.actors.wakeAgain(conversionId);
    const { state, traceparent } = woken;
    const now = this.clock.now();
    if (state.status === 'absent' || Date.parse(state.request.deadline) > now.getTime()) return woken;
    const command: ConversionCommand = {
      type: 'ExpireConversion',
      id: deriveId(conversionId, 'expire'),
      conversionId,
      at: now.toISOString(),
      data: { code: 'timed-out', detail: '' },
    };
    const expire = () => this.actors.execute(command);
    await continueTrace(traceparent, 'expire conversion', expire, { conversionId });
    return woken;
  }
}
