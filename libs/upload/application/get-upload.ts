import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { Id, readUploadEvent, uploadFiles, uploadStream } from '#contracts';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { absent, evolve, type UploadState } from '../domain/upload.ts';

export class GetUpload {
  constructor(
    readonly userId: string,
    readonly uploadId: string,
  ) {}
}

export const UploadDocument = z.object({
  id: Id,
  bytes: z.int().min(0),
  sha256: z.string(),
  fileName: z.string().nullable(),
  mediaType: z.string().nullable().describe('As the client said; never believed'),
  createdAt: z.iso.datetime(),
  conversion: z.object({ id: Id, url: z.string() }).optional().describe('The one that `convert` started'),
});
export type UploadDocument = z.infer<typeof UploadDocument>;

/** Read from the log itself, so that what was acknowledged can be read at once. */
@QueryHandler(GetUpload)
export class GetUploadHandler implements IQueryHandler<GetUpload, UploadDocument> {
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
    const { blob, mediaType, createdAt, conversionId } = upload;
    return {
      ...{ id: uploadId, bytes: blob.bytes, sha256: blob.sha256 },
      ...{ fileName: file?.document.fileName ?? null, mediaType, createdAt },
      ...(conversionId === null ? {} : { conversion: { id: conversionId, url: `/v1/conversions/${conversionId}` } }),
    };
  }

  async #fold(uploadId: string): Promise<UploadState> {
    let state = absent;
    for await (const recorded of this.events.read(uploadStream(uploadId)))
      state = evolve(state, readUploadEvent(recorded));
    return state;
  }
}
