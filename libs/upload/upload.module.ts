import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CompleteUploadHandler } from './application/complete-upload.ts';
import { GetUploadHandler } from './application/get-upload.ts';
import { ReceiveBody } from './http/receive-body.ts';
import { UploadMetrics } from './http/upload-metrics.ts';
import { UploadsController } from './http/uploads.controller.ts';

/** Receives bytes. */
@Module({
  imports: [CqrsModule],
  controllers: [UploadsController],
  providers: [CompleteUploadHandler, GetUploadHandler, ReceiveBody, UploadMetrics],
})
export class UploadModule {}
