import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '#clock';
import { acceptedConversions, readConversionEvent } from '#contracts';
import { Documents } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { DocumentCheckpoints, type Projection, ProjectionRunner } from '#projections';
import { Log } from '#telemetry';

/** Folds conversions into what they count against their users' quotas. */
export class UsageProjection implements Projection {
  readonly name = 'accepted-conversions';
  readonly categories = ['conversion'];

  constructor(private readonly documents: Documents) {}

  async apply(recorded: Recorded): Promise<void> {
    const { stream, revision } = recorded;
    const id = stream.slice(stream.indexOf('-') + 1);
    const event = readConversionEvent(recorded);
    switch (event.type) {
      case 'ConversionRequested': {
        const accepted = { userId: event.data.userId, acceptedAt: event.at, isUnfinished: true };
        return this.documents.project(acceptedConversions, id, revision, accepted);
      }
      case 'ConversionCompleted':
      case 'ConversionFailed':
      case 'ConversionCancelled': {
        // What came before is there: one projection applies a stream in its order.
        const before = await this.documents.get(acceptedConversions, id);
        if (before === null) return;
        const ended = { ...before.document, isUnfinished: false };
        return this.documents.project(acceptedConversions, id, revision, ended);
      }
    }
  }
}

/** Keeps that up with the log. */
@Injectable()
export class UsageRunner implements OnModuleInit, OnApplicationShutdown {
  readonly #runner: ProjectionRunner;
  readonly #projection: UsageProjection;

  constructor(events: EventStore, documents: Documents, clock: Clock, log: Log) {
    this.#projection = new UsageProjection(documents);
    this.#runner = new ProjectionRunner(events, new DocumentCheckpoints(documents), clock, log);
  }

  onModuleInit(): void {
    this.#runner.start(this.#projection);
  }

  onApplicationShutdown(): Promise<void> {
    return this.#runner.stop();
  }
}
