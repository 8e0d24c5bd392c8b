import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { appendSurely } from '#actors';
import { Clock } from '#clock';
import {
  type BlobRef,
  conversionIdForUpload,
  deriveId,
  eventIdFor,
  type Settings,
  uploadConversions,
  uploadFiles,
  uploadStream,
} from '#contracts';
import { crashPoint } from '#crash-points';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { currentTraceparent } from '#telemetry';
import { absent, decide } from '../domain/upload.ts';

export class CompleteUpload {
  constructor(
    readonly uploadId: string,
    readonly userId: string,
    readonly blob: BlobRef,
    readonly fileName: string | null,
    readonly mediaType: string | null,
    readonly convert: Settings | null,
  ) {}
}

const eventSchemaVersion = 1;

/** The bytes are durable; now it is recorded that they are there. Resolved means that the upload is acknowledged. */
@CommandHandler(CompleteUpload)
export class CompleteUploadHandler implements ICommandHandler<CompleteUpload, void> {
  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly clock: Clock,
  ) {}

  async execute({ uploadId, userId, blob, fileName, mediaType, convert }: CompleteUpload): Promise<void> {
    crashPoint('upload.blob-renamed');
    // Private fields come first: the event that makes them count comes last.
    if (fileName !== null) await this.documents.insert(uploadFiles, uploadId, { fileName });
    const stream = uploadStream(uploadId);
    const commandId = deriveId(uploadId, 'complete');
    const at = this.clock.now().toISOString();
    if (convert !== null) {
      await this.documents.insert(uploadConversions, conversionIdForUpload(uploadId), { userId, uploadId });
    }
    const conversion = convert && { conversionId: conversionIdForUpload(uploadId), settings: convert };
    const command = { type: 'CompleteUpload' as const, id: commandId, uploadId, at, userId, blob, mediaType };
    const traceparent = currentTraceparent();
    const metadata = {
      commandId,
      at,
      schema: eventSchemaVersion,
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const events = decide({ ...command, convert: conversion }, absent).map(({ type, data }, index) => {
      return { id: eventIdFor(stream, commandId, index, { type, data }), type, data, metadata };
    });
    crashPoint('upload.before-append');
    await appendSurely(this.events, stream, 'no-stream', events);
    crashPoint('upload.appended');
  }
}
