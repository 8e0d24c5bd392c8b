import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { uploadFiles } from '#contracts';
import { Documents } from '#documents';
import { Problem } from '#http';
import { UploadActors } from './upload-actors.ts';
import { toUploadDocument, type UploadDocument } from './upload-document.ts';

export class GetUpload extends Query<UploadDocument> {
  constructor(
    readonly userId: string,
    readonly uploadId: string,
  ) {
    super();
  }
}

/** Read from the log itself, so that what was acknowledged can be read at once. */
@QueryHandler(GetUpload)
export class GetUploadHandler implements IQueryHandler<GetUpload> {
  constructor(
    private readonly actors: UploadActors,
    private readonly documents: Documents,
  ) {}

  /** @throws Problem `not-found`: an unknown upload, a deleted one and somebody else's look the same */
  async execute({ userId, uploadId }: GetUpload): Promise<UploadDocument> {
    const upload = await this.actors.look(uploadId);
    if (upload.status !== 'complete' || upload.userId !== userId) {
      throw new Problem('not-found', 'There is no upload with this id.');
    }
    const file = await this.documents.get(uploadFiles, uploadId);
    return toUploadDocument(uploadId, upload, file?.document.fileName ?? null);
  }
}
