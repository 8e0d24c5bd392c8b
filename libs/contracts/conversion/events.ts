import { z } from 'zod';
import { BlobRef } from '../blob-ref.ts';
import { FailureCode } from '../failures.ts';
import { Id } from '../ids.ts';
import { Settings } from '../settings.ts';
import { Output, Plan, Source } from './source.ts';

export const Priority = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof Priority>;

export const CancelReason = z.enum(['client', 'upload-deleted', 'account-erased']);
export type CancelReason = z.infer<typeof CancelReason>;

const Instant = z.iso.datetime();

/** The schema of each event's data. Events are for ever: a change of shape is a new version with an upcaster. */
export const conversionEventSchemas = {
  ConversionRequested: z.object({
    userId: Id,
    uploadId: Id,
    source: BlobRef,
    settings: Settings,
    priority: Priority,
    /** SHA-256 of what the client asked for: a repeated Idempotency-Key is answered from the stream. */
    requestHash: z.string(),
    /** When the conversion fails if it has not ended. */
    deadline: Instant,
    retryOf: Id.optional(),
  }),
  ConversionStarted: z.object({ taskId: Id, engine: z.string() }),
  SourceInspected: z.object({ taskId: Id, source: Source, audio: BlobRef, plan: Plan }),
  SegmentEncoded: z.object({
    taskId: Id,
    /** Versions of ffmpeg and LAME, and the architecture: only the same engine makes the same bytes. */
    engine: z.string(),
    index: z.int().min(0),
    blob: BlobRef,
    samples: z.int().min(0),
  }),
  TaskFailed: z.object({
    taskId: Id,
    try: z.int().min(1),
    code: FailureCode,
    detail: z.string(),
    retryAt: Instant,
  }),
  ConversionCompleted: z.object({ output: Output }),
  ConversionFailed: z.object({ code: FailureCode, detail: z.string() }),
  ConversionCancelled: z.object({ reason: CancelReason }),
  ConversionDeleted: z.object({}),
} as const;

export type ConversionEventType = keyof typeof conversionEventSchemas;
type DataOf<T extends ConversionEventType> = z.infer<(typeof conversionEventSchemas)[T]>;

/** `at` is when it was decided (RFC 3339, UTC): the command's time, kept in the event's metadata. */
export type ConversionEvent = {
  [T in ConversionEventType]: { readonly type: T; readonly at: string; readonly data: DataOf<T> };
}[ConversionEventType];

export const terminalEventTypes = ['ConversionCompleted', 'ConversionFailed', 'ConversionCancelled'] as const;

const streamPrefix = 'conversion-';
export function conversionStream(conversionId: string): string {
  return `${streamPrefix}${conversionId}`;
}
