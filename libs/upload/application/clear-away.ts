import { Injectable } from '@nestjs/common';
import { Blobs } from '#blobs';
import { uploadConversions, uploadFiles } from '#contracts';
import { Documents, removeDocument } from '#documents';
import { UploadActors } from './upload-actors.ts';

/** What a deleted upload leaves behind goes. Harmless to repeat. */
@Injectable()
export class ClearAway {
  constructor(
    private readonly actors: UploadActors,
    private readonly documents: Documents,
    private readonly blobs: Blobs,
  ) {}

  async upload(uploadId: string): Promise<void> {
    const upload = await this.actors.look(uploadId);
    if (upload.status !== 'deleted') return;
    await this.blobs.remove(upload.blob.key);
    await removeDocument(this.documents, uploadFiles, uploadId);
    if (upload.conversionId !== null) await removeDocument(this.documents, uploadConversions, upload.conversionId);
  }
}
