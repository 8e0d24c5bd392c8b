import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Blobs } from '#blobs';
import { Clock } from '#clock';
import {
  type BlobRef,
  conversionIdForUpload,
  deriveId,
  type Settings,
  StorageFull,
  uploadConversions,
  uploadFiles,
} from '#contracts';
import { crashPoint } from '#crash-points';
import { Documents } from '#documents';
import { AppendRefused } from '#event-store';
import type { UploadState } from '../domain/upload.ts';
import { UploadActors } from './upload-actors.ts';
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

/** The bytes are durable; now it is recorded that they are there. Resolved means that the upload is acknowledged. */
@CommandHandler(CompleteUpload)
export class CompleteUploadHandler implements ICommandHandler<CompleteUpload> {
  constructor(
    private readonly actors: UploadActors,
    private readonly documents: Documents,
    private readonly blobs: Blobs,
    private readonly clock: Clock,
  ) {}

  async execute(command: CompleteUpload): Promise<UploadDocument> {
    crashPoint('upload.blob-renamed');
    const { uploadId, blob, fileName } = command;
    try {
      await this.#keepPrivate(command);
      crashPoint('upload.before-append');
      const upload = await this.#complete(command);
      crashPoint('upload.appended');
      if (upload.status !== 'complete') throw new Error(`upload ${uploadId} did not become complete`);
      return toUploadDocument(uploadId, upload, fileName);
    } catch (error) {
      // Only where it is certain that no event refers to the bytes; of all others the sweeper finds out.
      if (error instanceof StorageFull || error instanceof AppendRefused) await this.blobs.remove(blob.key);
      throw error;
    }
  }

  /** The private fields come first: the event that makes them count comes last. */
  async #keepPrivate({ uploadId, userId, fileName, convert }: CompleteUpload): Promise<void> {
    if (fileName !== null) await this.documents.insert(uploadFiles, uploadId, { fileName, userId });
    // The answer names the conversion, which can then be found before the relay has brought the event.
    if (convert !== null) {
      await this.documents.insert(uploadConversions, conversionIdForUpload(uploadId), { userId, uploadId });
    }
  }

  #complete({ uploadId, userId, blob, mediaType, convert }: CompleteUpload): Promise<UploadState> {
    return this.actors.execute({
      type: 'CompleteUpload',
      ...{ id: deriveId(uploadId, 'complete'), uploadId, at: this.clock.now().toISOString() },
      ...{ userId, blob, mediaType },
      convert: convert && { conversionId: conversionIdForUpload(uploadId), settings: convert },
    });
  }
}
