import { z } from 'zod';
import { BlobRef } from '../blob-ref.ts';
import { Id } from '../ids.ts';
import { Settings } from '../settings.ts';

export const uploadEventSchemas = {
  UploadCompleted: z.object({
    userId: Id,
    blob: BlobRef,
    /** What the client said it is; never believed. */
    mediaType: z.string().max(255).nullable(),
    /** The conversion that begins by itself now that the bytes are here. */
    convert: z.object({ conversionId: Id, settings: Settings }).optional(),
  }),
  UploadDeleted: z.object({}),
} as const;

export type UploadEventType = keyof typeof uploadEventSchemas;
export type UploadEvent = {
  [T in UploadEventType]: {
    readonly type: T;
    readonly at: string;
    readonly data: z.infer<(typeof uploadEventSchemas)[T]>;
  };
}[UploadEventType];

const streamPrefix = 'upload-';
export function uploadStream(uploadId: string): string {
  return `${streamPrefix}${uploadId}`;
}
