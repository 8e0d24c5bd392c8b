import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '#clock';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { DocumentCheckpoints, ProjectionRunner } from '#projections';
import { Log } from '#telemetry';
import { ConversionListProjection } from './conversion-list-projection.ts';

/** Keeps the list of conversions up with the log. */
@Injectable()
export class ConversionListRunner implements OnModuleInit, OnApplicationShutdown {
  readonly #runner: ProjectionRunner;

  constructor(
    private readonly projection: ConversionListProjection,
    events: EventStore,
    documents: Documents,
    clock: Clock,
    log: Log,
  ) {
    this.#runner = new ProjectionRunner(events, new DocumentCheckpoints(documents), clock, log);
  }

  onModuleInit(): void {
    this.#runner.start(this.projection);
  }

  onApplicationShutdown(): Promise<void> {
    return this.#runner.stop();
  }

  /** Resolves once the list has everything that was in the log at the start. */
  caughtUp(): Promise<void> {
    return this.#runner.caughtUp(this.projection.name);
  }
}
