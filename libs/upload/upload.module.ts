import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { routeTable } from '#contracts';
import { AdoptFileHandler } from './application/adopt-file.ts';
import { CompleteUploadHandler } from './application/complete-upload.ts';
import { GetUploadHandler } from './application/get-upload.ts';
import { LingeringClose } from './http/lingering-close.ts';
import { ReceiveBody } from './http/receive-body.ts';
import { UploadMetrics } from './http/upload-metrics.ts';
import { UploadsController } from './http/uploads.controller.ts';

/** Receives bytes. */
@Module({
  imports: [CqrsModule],
  controllers: [UploadsController],
  providers: [AdoptFileHandler, CompleteUploadHandler, GetUploadHandler, ReceiveBody, UploadMetrics],
})
export class UploadModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    // All that begins like this, also where there is no such route: those bodies have to end, too.
    const prefixes = Object.keys(routeTable).filter((prefix) => routeTable[prefix] === 'upload');
    consumer.apply(LingeringClose).forRoutes(...prefixes);
  }
}
