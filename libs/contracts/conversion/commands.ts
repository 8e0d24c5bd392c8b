import { z } from 'zod';
import { BlobRef } from '../blob-ref.ts';
import { FailureCode } from '../failures.ts';
import { Id } from '../ids.ts';
import { Settings } from '../settings.ts';
import { CancelReason, Priority } from './events.ts';
import { Output, Plan, Source } from './source.ts';

/** What an encoder reports to a conversion's inbox. */
export const taskReportSchemas = {
  RecordTaskStarted: z.object({ taskId: Id, engine: z.string() }),
  RecordInspected: z.object({ taskId: Id, engine: z.string(), source: Source, audio: BlobRef, plan: Plan }),
  RecordSegment: z.object({
    taskId: Id,
    engine: z.string(),
    index: z.int().min(0),
    blob: BlobRef,
    samples: z.int().min(0),
  }),
  RecordOutput: z.object({ taskId: Id, output: Output }),
  RecordTaskFailed: z.object({
    taskId: Id,
    try: z.int().min(1),
    code: FailureCode,
    detail: z.string(),
    retryable: z.boolean(),
  }),
} as const;

export const conversionCommandSchemas = {
  RequestConversion: z.object({
    userId: Id,
    uploadId: Id,
    source: BlobRef,
    settings: Settings,
    priority: Priority,
    requestHash: z.string(),
    deadline: z.iso.datetime(),
    retryOf: Id.optional(),
  }),
  CancelConversion: z.object({ reason: CancelReason }),
  /** The reason is why it is cancelled, if it has not ended. */
  DeleteConversion: z.object({ reason: CancelReason }),
  /** The conversion is past its deadline, or was woken too often without getting on. */
  ExpireConversion: z.object({ code: FailureCode, detail: z.string() }),
  ...taskReportSchemas,
} as const;

export type ConversionCommandType = keyof typeof conversionCommandSchemas;
export type TaskReportType = keyof typeof taskReportSchemas;

/** `id` makes a repetition recognisable; `at` is the only clock that a decision sees. */
interface Envelope {
  readonly id: string;
  readonly conversionId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export type ConversionCommand = {
  [T in ConversionCommandType]: Envelope & {
    readonly type: T;
    readonly data: z.infer<(typeof conversionCommandSchemas)[T]>;
  };
}[ConversionCommandType];

export type TaskReport = Extract<ConversionCommand, { type: TaskReportType }>;

/** A task report as it comes over the bus. */
export const TaskReportMessage = z.discriminatedUnion(
  'type',
  (Object.keys(taskReportSchemas) as TaskReportType[]).map((type) =>
    z.object({ type: z.literal(type), id: Id, conversionId: Id, at: z.iso.datetime(), data: taskReportSchemas[type] }),
  ) as never,
) as unknown as z.ZodType<TaskReport>;

/** The message type of a task report on the inbox. */
export const taskReportMessage = 'mixdown.conversion.task-report';
