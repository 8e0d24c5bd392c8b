import { z } from 'zod';
import { BlobRef } from '../blob-ref.ts';
import { Priority } from '../conversion/events.ts';
import { Plan, Source } from '../conversion/source.ts';
import { Id } from '../ids.ts';
import { Settings } from '../settings.ts';

/** What an encoder must know to do a task: everything, so that it asks nobody. */
export const TaskWork = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inspect'), source: BlobRef, settings: Settings }),
  z.object({
    kind: z.literal('encode'),
    audio: BlobRef,
    source: Source,
    plan: Plan,
    settings: Settings,
    range: z.object({ first: z.int().min(0), count: z.int().min(1) }),
    /** Indices of the range's segments that the conversion has already. */
    encoded: z.array(z.int().min(0)).default([]),
  }),
  z.object({
    kind: z.literal('join'),
    plan: Plan,
    settings: Settings,
    segments: z.array(z.object({ index: z.int().min(0), blob: BlobRef, samples: z.int().min(0) })).min(1),
  }),
]);
export type TaskWork = z.infer<typeof TaskWork>;
export type TaskKind = TaskWork['kind'];

/** An offer of a task. The same task may be offered any number of times; `try` counts up only after a failure. */
export const OfferTask = z.object({
  taskId: Id,
  conversionId: Id,
  userId: Id,
  priority: Priority,
  try: z.int().min(1),
  /** RFC 3339: not to be started before (a retry's backoff). */
  notBefore: z.iso.datetime().nullable(),
  /** RFC 3339: when the conversion was requested; the age that the queue goes by. */
  requestedAt: z.iso.datetime(),
  /** Only an encoder with this engine may do it; null while the conversion has none. */
  engine: z.string().nullable(),
  traceparent: z.string().nullable(),
  work: TaskWork,
});
export type OfferTask = z.infer<typeof OfferTask>;

/** The conversion has ended: its tasks stop and their rows go. */
export const StopTasks = z.object({ conversionId: Id });
export type StopTasks = z.infer<typeof StopTasks>;

/** Message types on the encoder's topic. */
export const encoderMessages = { offer: 'mixdown.encoder.offer-task', stop: 'mixdown.encoder.stop-tasks' } as const;

/** Telemetry of a running task: how much of it is done. */
export const TaskProgress = z.object({
  conversionId: Id,
  taskId: Id,
  kind: z.enum(['inspect', 'encode', 'join']),
  /** 0 to 100, of this task. */
  percent: z.number().min(0).max(100),
  /** Seconds left as measured, of this task; null while nothing is known. */
  eta: z.number().min(0).nullable(),
});
export type TaskProgress = z.infer<typeof TaskProgress>;
export const progressMessage = 'mixdown.encoder.task-progress';
