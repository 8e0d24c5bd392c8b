import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, Recurring } from '#clock';
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
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  readonly #recurring: Recurring;

  constructor(
    private readonly actors: ConversionActors,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly config: Config,
    log: Log,
  ) {
    this.#recurring = new Recurring(
      clock,
      () => this.#sweepOnceListed(),
      (error) => log.error({ err: error }, 'the sweep of unfinished conversions failed and will be repeated'),
    );
  }

  onApplicationBootstrap(): void {
    this.#recurring.start({ everyMilliseconds: this.config.sweepSeconds * 1_000 });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#recurring.stop();
  }

  async #sweepOnceListed(): Promise<void> {
    await Promise.race([this.readModels.caughtUp(conversionListModel), this.#stopped]);
    if (!this.#stop.signal.aborted) await this.sweep();
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
