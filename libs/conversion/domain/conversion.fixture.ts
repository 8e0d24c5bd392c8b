import type { BlobRef, CancelReason, ConversionCommand, ConversionEvent, FailureCode, Plan } from '#contracts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { absent } from './state.ts';
import { taskIds } from './tasks.ts';

/** Ready-made words for the sentences of the specs. */
export const decider = { initial: absent, decide, evolve };

export const conversionId = '00000000-0000-4000-8000-000000000001';
export const at = '2026-01-01T00:00:00.000Z';
export const engine = 'ffmpeg 5.1 / LAME 3.100 / x64';
const userId = '00000000-0000-4000-8000-000000000002';
const uploadId = '00000000-0000-4000-8000-000000000003';

export function blob(n: number): BlobRef {
  return { key: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, sha256: String(n % 10).repeat(64), bytes: n };
}

export function planOf(segments: number, ranges: Plan['ranges'] = [{ first: 0, count: segments }]): Plan {
  return { sampleRate: 44_100, channels: 2, segments, ranges };
}

export const source = {
  container: 'mov',
  durationSeconds: 10,
  audio: { codec: 'aac', sampleRate: 44_100, channels: 2, track: 0 },
} as const;

const request = {
  userId,
  uploadId,
  source: blob(100),
  priority: 'normal',
  requestHash: 'hash',
  deadline: '2026-01-02T00:00:00.000Z',
  settings: { format: 'mp3', quality: { mode: 'vbr', level: 2 } },
} as const;

export const output = {
  ...{ blob: blob(300), samples: 441_000, sampleRate: 44_100, channels: 2, durationSeconds: 10 },
  ...{ encoderDelay: 576, encoderPadding: 1_000 },
};

const inspectTask = taskIds.inspect(conversionId);
const joinTask = taskIds.join(conversionId);

export const happened = {
  requested: { type: 'ConversionRequested', at, data: request },
  started: { type: 'ConversionStarted', at, data: { taskId: inspectTask, engine } },
  inspected: (plan = planOf(1)): ConversionEvent => ({
    type: 'SourceInspected',
    at,
    data: { taskId: inspectTask, source, audio: blob(200), plan },
  }),
  segment: (index: number, range = { first: 0, count: 1 }): ConversionEvent => ({
    type: 'SegmentEncoded',
    at,
    data: { taskId: taskIds.encode(conversionId, range), engine, index, blob: blob(210 + index), samples: 441_000 },
  }),
  completed: { type: 'ConversionCompleted', at, data: { output } },
  cancelled: { type: 'ConversionCancelled', at, data: { reason: 'client' } },
  cancelledFor: (reason: CancelReason): ConversionEvent => ({ type: 'ConversionCancelled', at, data: { reason } }),
  deleted: { type: 'ConversionDeleted', at, data: {} },
  failed: (code: FailureCode): ConversionEvent => ({ type: 'ConversionFailed', at, data: { code, detail: '' } }),
  taskFailed: (taskId: string, attempt: number, retryAt: string): ConversionEvent => ({
    type: 'TaskFailed',
    at,
    data: { taskId, try: attempt, code: 'encoder-crashed', detail: 'it died', retryAt },
  }),
} as const satisfies Record<string, ConversionEvent | ((...args: never[]) => ConversionEvent)>;

const envelope = { id: '00000000-0000-4000-8000-0000000000aa', conversionId, at };

export const does = {
  request: (requestHash = 'hash'): ConversionCommand => ({
    ...envelope,
    type: 'RequestConversion',
    data: { ...request, requestHash },
  }),
  cancel: { ...envelope, type: 'CancelConversion', data: { reason: 'client' } },
  cancelFor: (reason: CancelReason): ConversionCommand => ({ ...envelope, type: 'CancelConversion', data: { reason } }),
  remove: { ...envelope, type: 'DeleteConversion', data: { reason: 'client' } },
  removeFor: (reason: CancelReason): ConversionCommand => ({ ...envelope, type: 'DeleteConversion', data: { reason } }),
  expire: { ...envelope, type: 'ExpireConversion', data: { code: 'timed-out', detail: '' } },
  start: { ...envelope, type: 'RecordTaskStarted', data: { taskId: inspectTask, engine } },
  inspected: (plan = planOf(1)): ConversionCommand => ({
    ...envelope,
    type: 'RecordInspected',
    data: { taskId: inspectTask, engine, source, audio: blob(200), plan },
  }),
  segment: (index: number, range = { first: 0, count: 1 }): ConversionCommand => ({
    ...envelope,
    type: 'RecordSegment',
    data: { taskId: taskIds.encode(conversionId, range), engine, index, blob: blob(210 + index), samples: 441_000 },
  }),
  output: { ...envelope, type: 'RecordOutput', data: { taskId: joinTask, output } },
  fail: (taskId: string, attempt: number, retryable = true): ConversionCommand => ({
    ...envelope,
    type: 'RecordTaskFailed',
    data: { taskId, try: attempt, code: 'encoder-crashed', detail: 'it died', retryable },
  }),
} as const satisfies Record<string, ConversionCommand | ((...args: never[]) => ConversionCommand)>;

export { inspectTask, joinTask };
