import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { appendSurely } from '#actors';
import { Blobs } from '#blobs';
import { Clock } from '#clock';
import {
  type BlobRef,
  conversionIdForUpload,
  deriveId,
  eventIdFor,
  type Settings,
  StorageFull,
  uploadConversions,
  uploadFiles,
  uploadStream,
} from '#contracts';
import { crashPoint } from '#crash-points';
import { Documents } from '#documents';
import { AppendRefused, EventStore, type NewEvent } from '#event-store';
import { currentTraceparent, describeSpan, spanIsAbout } from '#telemetry';
import { absent, decide, evolve } from '../domain/upload.ts';
import { toUploadDocument, type UploadDocument } from './upload-document.ts';

export class CompleteUpload extends Command<UploadDocument> {
  constructor(
    readonly uploadId: string,
    readonly userId: string,
    readonly blob: BlobRef,
    readonly fileName: string | null,
    readonly mediaType: string | null,
    readonly convert: Settings | null,
  ) {
    super();
  }
}

const eventSchemaVersion = 1;

/** The bytes are durable; now it is recorded that they are there. Resolved means that the upload is acknowledged. */
@CommandHandler(CompleteUpload)
export class CompleteUploadHandler implements ICommandHandler<CompleteUpload> {
  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly blobs: Blobs,
    private readonly clock: Clock,
  ) {}

  async execute(command: CompleteUpload): Promise<UploadDocument> {
    crashPoint('upload.blob-renamed');
    const { uploadId, userId, blob, fileName, mediaType } = command;
    const stream = uploadStream(uploadId);
    const commandId = deriveId(uploadId, 'complete');
    const at = this.clock.now().toISOString();
    const convert = command.convert && { conversionId: conversionIdForUpload(uploadId), settings: command.convert };
    const decided = decide(
      { type: 'CompleteUpload', id: commandId, uploadId, at, userId, blob, mediaType, convert },
      absent,
    );
    describeSpan({ 'mixdown.upload.id': uploadId });
    const traceparent = currentTraceparent();
    if (convert !== null) spanIsAbout(convert.conversionId, traceparent);
    const traced = traceparent === undefined ? {} : { traceparent };
    const events = decided.map(({ type, data }, index) => ({
      ...{ id: eventIdFor(stream, commandId, index, { type, data }), type, data },
      metadata: { commandId, at, schema: eventSchemaVersion, ...traced },
    }));
    await this.#record(command, stream, events);
    crashPoint('upload.appended');
    const upload = decided.reduce(evolve, absent);
    if (upload.status !== 'complete') throw new Error(`${stream} did not become complete`);
    return toUploadDocument(uploadId, upload, fileName);
  }

  /** The private fields come first: the event that makes them count comes last. */
  async #record(command: CompleteUpload, stream: string, events: readonly NewEvent[]) {
    const { uploadId, userId, fileName, blob, convert } = command;
    try {
      if (fileName !== null) await this.documents.insert(uploadFiles, uploadId, { fileName });
      // The answer names the conversion, which can then be found before the relay has brought the event.
      if (convert !== null) {
        await this.documents.insert(uploadConversions, conversionIdForUpload(uploadId), { userId, uploadId });
      }
      crashPoint('upload.before-append');
      await appendSurely(this.events, stream, 'no-stream', events);
    } catch (error) {
      // Only where it is certain that no event refers to the bytes; of all others the sweeper finds out.
      if (error instanceof StorageFull || error instanceof AppendRefused) await this.blobs.remove(blob.key);
      throw error;
    }
  }
}
