import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#clock';
import { EventStore, type Position, type Recorded } from '#event-store';
import { ConversionViews, type Projection, RunningProjection } from '#projections';
import { Log } from '#telemetry';
import { LiveConversions } from './live-conversions.ts';
import { Watchers } from './watchers.ts';

/** Follows the log from its end, once for all connections: folds each event once and marks it for whoever watches. */
@Injectable()
export class LiveFeed implements Projection, OnApplicationBootstrap, OnApplicationShutdown {
  readonly name = 'live';
  readonly categories = ['conversion'];
  readonly #views: ConversionViews;
  #running: RunningProjection | null = null;
  #position: Position | null = null;

  constructor(
    private readonly events: EventStore,
    private readonly watchers: Watchers,
    private readonly conversions: LiveConversions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#views = new ConversionViews(events);
  }

  /** Whoever watches has been marked for everything up to here. */
  get position(): Position | null {
    return this.#position;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#position = await this.events.head();
    const { events, clock, log } = this;
    // Where it has got to matters to nobody after it: a client brings its own place.
    const checkpoints = { load: async () => this.#position, save: async () => undefined };
    this.#running = new RunningProjection(this, { events, checkpoints, clock, log });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#running?.stop();
  }

  async apply(recorded: Recorded): Promise<void> {
    const id = recorded.stream.slice(recorded.stream.indexOf('-') + 1);
    if (this.watchers.mayWatch(id)) await this.#mark(id, recorded);
    else this.conversions.forget(id);
    this.#position = recorded.position;
  }

  async #mark(id: string, recorded: Recorded): Promise<void> {
    const view = await this.#views.after(recorded);
    if (this.watchers.of(id, view.userId).size === 0) {
      this.conversions.forget(id);
      return;
    }
    await this.conversions.changed(view, recorded);
    for (const socket of this.watchers.of(id, view.userId)) socket.changed(id);
  }
}
