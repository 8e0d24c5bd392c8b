import { type MiddlewareConsumer, Module, type NestModule, type OnModuleInit } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { routeTable } from '#contracts';
import { ReadModels } from '#projections';
import { AdoptFileHandler } from './application/adopt-file.ts';
import { ClearAway } from './application/clear-away.ts';
import { CompleteUploadHandler } from './application/complete-upload.ts';
import { DeleteUploadHandler } from './application/delete-upload.ts';
import { Departures } from './application/departures.ts';
import { GetUploadHandler } from './application/get-upload.ts';
import { ListUploadsHandler } from './application/list-uploads.ts';
import { UploadActors } from './application/upload-actors.ts';
import { uploadListModel } from './application/upload-list-model.ts';
import { UploadQuota } from './application/upload-quota.ts';
import { LingeringClose } from './http/lingering-close.ts';
import { ReceiveBody } from './http/receive-body.ts';
import { UploadMetrics } from './http/upload-metrics.ts';
import { UploadsController } from './http/uploads.controller.ts';
import { EventsController } from './messages/events.controller.ts';

/** Receives bytes. */
@Module({
  imports: [CqrsModule],
  controllers: [UploadsController, EventsController],
  providers: [
    AdoptFileHandler,
    ClearAway,
    CompleteUploadHandler,
    DeleteUploadHandler,
    Departures,
    GetUploadHandler,
    ListUploadsHandler,
    ReceiveBody,
    UploadActors,
    UploadMetrics,
    UploadQuota,
  ],
})
export class UploadModule implements NestModule, OnModuleInit {
  constructor(
    private readonly readModels: ReadModels,
    private readonly departures: Departures,
  ) {}

  onModuleInit(): void {
    this.readModels.start(uploadListModel, this.departures.react.bind(this.departures));
  }

  configure(consumer: MiddlewareConsumer): void {
    // All that begins like this, also where there is no such route: those bodies have to end, too.
    const prefixes = Object.keys(routeTable).filter((prefix) => routeTable[prefix] === 'upload');
    consumer.apply(LingeringClose).forRoutes(...prefixes);
  }
}
