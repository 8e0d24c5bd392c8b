import { z } from 'zod';
import { Id } from '#contracts';
import type { UploadState } from '../domain/upload.ts';

/** An upload as its owner sees it. */
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

export function toUploadDocument(
  id: string,
  { blob, mediaType, createdAt, conversionId }: Extract<UploadState, { status: 'complete' }>,
  fileName: string | null,
): UploadDocument {
  return {
    ...{ id, bytes: blob.bytes, sha256: blob.sha256, fileName, mediaType, createdAt },
    ...(conversionId === null ? {} : { conversion: { id: conversionId, url: `/v1/conversions/${conversionId}` } }),
  };
}
