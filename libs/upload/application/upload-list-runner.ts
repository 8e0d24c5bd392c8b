import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '#clock';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { DocumentCheckpoints, ProjectionRunner } from '#projections';
import { Log } from '#telemetry';
import { UploadListProjection } from './upload-list-projection.ts';

/** Keeps the list of uploads up with the log. */
@Injectable()
export class UploadListRunner implements OnModuleInit, OnApplicationShutdown {
  readonly #runner: ProjectionRunner;

  constructor(
    private readonly projection: UploadListProjection,
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
}
