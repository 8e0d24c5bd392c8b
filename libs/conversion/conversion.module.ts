import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { HealthIndicators } from '#http';
import { StreamFollower } from '#projections';
import { CancelConversionHandler } from './application/cancel-conversion.ts';
import { ConversionActors } from './application/conversion-actors.ts';
import { conversionList } from './application/conversion-list.ts';
import { ConversionMetrics } from './application/conversion-metrics.ts';
import { ConversionWatch } from './application/conversion-watch.ts';
import { GetConversionHandler } from './application/get-conversion.ts';
import { LatestProgress } from './application/latest-progress.ts';
import { OverdueSweep } from './application/overdue-sweep.ts';
import { OwnedConversions } from './application/owned-conversions.ts';
import { Reactions } from './application/reactions.ts';
import { RequestConversionHandler } from './application/request-conversion.ts';
import { StartOnUpload } from './application/start-on-upload.ts';
import { ConversionsController } from './http/conversions.controller.ts';
import { EventStreams } from './http/event-stream.ts';
import { PresetsController } from './http/presets.controller.ts';
import { EventsController } from './messages/events.controller.ts';
import { InboxController } from './messages/inbox.controller.ts';

/** From an upload to its output: the event-sourced conversion. */
@Module({
  imports: [CqrsModule],
  controllers: [ConversionsController, PresetsController, EventsController, InboxController],
  providers: [
    CancelConversionHandler,
    ConversionActors,
    ConversionMetrics,
    ConversionWatch,
    EventStreams,
    GetConversionHandler,
    LatestProgress,
    OverdueSweep,
    OwnedConversions,
    Reactions,
    RequestConversionHandler,
    StartOnUpload,
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
