import { Module, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventStore } from '#event-store';
import { HealthIndicators } from '#http';
import { acceptedConversionsModel, LatestProgress, ReadModels, StatusDocuments, StreamFollower } from '#projections';
import { AcceptConversion } from './application/accept-conversion.ts';
import { Admission } from './application/admission.ts';
import { CancelConversionHandler } from './application/cancel-conversion.ts';
import { ConversionActors } from './application/conversion-actors.ts';
import { conversionList } from './application/conversion-list.ts';
import { conversionListModel } from './application/conversion-list-model.ts';
import { ConversionMetrics } from './application/conversion-metrics.ts';
import { ConversionWatch } from './application/conversion-watch.ts';
import { DeleteConversionHandler } from './application/delete-conversion.ts';
import { Departures } from './application/departures.ts';
import { GetConversionHandler } from './application/get-conversion.ts';
import { GetProofHandler } from './application/get-proof.ts';
import { ListConversionsHandler } from './application/list-conversions.ts';
import { OverdueSweep } from './application/overdue-sweep.ts';
import { OwnedConversions } from './application/owned-conversions.ts';
import { Reactions } from './application/reactions.ts';
import { RequestConversionHandler } from './application/request-conversion.ts';
import { RetryConversionHandler } from './application/retry-conversion.ts';
import { StartOnUpload } from './application/start-on-upload.ts';
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
    ConversionMetrics,
    ConversionWatch,
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
    StatusDocuments,
    { provide: StreamFollower, useFactory: (events: EventStore) => new StreamFollower(events), inject: [EventStore] },
  ],
})
export class ConversionModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly follower: StreamFollower,
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly departures: Departures,
    private readonly health: HealthIndicators,
  ) {}

  onModuleInit(): void {
    this.readModels.start(conversionListModel, this.departures.react.bind(this.departures));
    this.readModels.start(acceptedConversionsModel);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.health.register('events', () => this.events.head());
    this.health.register('documents', async () => {
      const documents = await this.readModels.of(conversionListModel);
      return documents.count(conversionList, { index: 'byStatus', limit: 1 });
    });
    await this.follower.start(['conversion']);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower.stop();
  }
}
