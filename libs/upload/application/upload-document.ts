import { z } from 'zod';
import { Id } from '#contracts';
import type { UploadState } from '../domain/upload.ts';
import type { UploadRow } from './upload-list.ts';

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

/** From the list's row, or from the state that the log tells. */
export function toUploadDocument(
  id: string,
  upload: Extract<UploadState, { status: 'complete' }> | UploadRow,
  fileName: string | null,
): UploadDocument {
  const { mediaType, createdAt, conversionId } = upload;
  const { bytes, sha256 } = 'blob' in upload ? upload.blob : upload;
  return {
    ...{ id, bytes, sha256, fileName, mediaType, createdAt },
    ...(conversionId === null ? {} : { conversion: { id: conversionId, url: `/v1/conversions/${conversionId}` } }),
  };
}
