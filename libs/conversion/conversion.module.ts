import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { HealthIndicators } from '#http';
import { StreamFollower } from '#projections';
import { AcceptConversion } from './application/accept-conversion.ts';
import { Admission } from './application/admission.ts';
import { CancelConversionHandler } from './application/cancel-conversion.ts';
import { ConversionActors } from './application/conversion-actors.ts';
import { conversionList } from './application/conversion-list.ts';
import { ConversionListProjection } from './application/conversion-list-projection.ts';
import { ConversionListRunner } from './application/conversion-list-runner.ts';
import { ConversionMetrics } from './application/conversion-metrics.ts';
import { DeleteConversionHandler } from './application/delete-conversion.ts';
import { Departures } from './application/departures.ts';
import { GetConversionHandler } from './application/get-conversion.ts';
import { GetProofHandler } from './application/get-proof.ts';
import { LatestProgress } from './application/latest-progress.ts';
import { ListConversionsHandler } from './application/list-conversions.ts';
import { OverdueSweep } from './application/overdue-sweep.ts';
import { OwnedConversions } from './application/owned-conversions.ts';
import { Reactions } from './application/reactions.ts';
import { RequestConversionHandler } from './application/request-conversion.ts';
import { RetryConversionHandler } from './application/retry-conversion.ts';
import { StartOnUpload } from './application/start-on-upload.ts';
import { UsageRunner } from './application/usage-projection.ts';
import { ConversionsController } from './http/conversions.controller.ts';
import { EventStreams } from './http/event-stream.ts';
import { PresetsController } from './http/presets.controller.ts';
import { RecordsController } from './http/records.controller.ts';
import { EventsController } from './messages/events.controller.ts';
import { InboxController } from './messages/inbox.controller.ts';

/** From an upload to its output: the event-sourced conversion. */
@Module({
  imports: [CqrsModule],
  controllers: [ConversionsController, RecordsController, PresetsController, EventsController, InboxController],
  providers: [
    AcceptConversion,
    Admission,
    CancelConversionHandler,
    ConversionActors,
    ConversionListProjection,
    ConversionListRunner,
    ConversionMetrics,
    DeleteConversionHandler,
    Departures,
    EventStreams,
    GetConversionHandler,
    GetProofHandler,
    LatestProgress,
    ListConversionsHandler,
    OverdueSweep,
    OwnedConversions,
    Reactions,
    RequestConversionHandler,
    RetryConversionHandler,
    StartOnUpload,
    UsageRunner,
    { provide: StreamFollower, useFactory: (events: EventStore) => new StreamFollower(events), inject: [EventStore] },
  ],
})
export class ConversionModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly follower: StreamFollower,
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly health: HealthIndicators,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.register('events', () => this.events.head());
    this.health.register('documents', () => this.documents.count(conversionList, { index: 'byStatus', limit: 1 }));
    await this.follower.start(['conversion']);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower.stop();
  }
}
