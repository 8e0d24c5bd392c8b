import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Id, readUploadEvent, uploadFiles, uploadStream } from '#contracts';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { absent, evolve, type UploadState } from '../domain/upload.ts';
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
    private readonly events: EventStore,
    private readonly documents: Documents,
  ) {}

  async execute({ userId, uploadId }: GetUpload): Promise<UploadDocument> {
    const upload = Id.safeParse(uploadId).success ? await this.#fold(uploadId) : absent;
    if (upload.status !== 'complete' || upload.userId !== userId) {
      throw new Problem('not-found', 'There is no upload with this id.');
    }
    const file = await this.documents.get(uploadFiles, uploadId);
    return toUploadDocument(uploadId, upload, file?.document.fileName ?? null);
  }

  async #fold(uploadId: string): Promise<UploadState> {
    let state = absent;
    for await (const recorded of this.events.read(uploadStream(uploadId))) {
      state = evolve(state, readUploadEvent(recorded));
    }
    return state;
  }
}
