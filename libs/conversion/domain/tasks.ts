import { deriveId, type OfferTask, type TaskWork } from '#contracts';
import type { ConversionState, UnfinishedState } from './state.ts';

interface Range {
  readonly first: number;
  readonly count: number;
}

/** A task's id is a function of what it is to do, so that offering it twice is offering it once. */
export const taskIds = {
  inspect: (conversionId: string) => deriveId(conversionId, 'inspect'),
  encode: (conversionId: string, { first, count }: Range) => deriveId(conversionId, 'encode', `${first}+${count}`),
  join: (conversionId: string) => deriveId(conversionId, 'join'),
} as const;

export type OutstandingTask = Pick<OfferTask, 'taskId' | 'try' | 'notBefore' | 'work'>;

/**
 * What must still be done before the conversion can end: pure, and the whole of recovery. After any crash the
 * answer to "what now?" is in the state alone.
 */
export function outstandingTasks(conversionId: string, state: ConversionState): readonly OutstandingTask[] {
  switch (state.status) {
    case 'queued':
    case 'inspecting': {
      const { source, settings } = state.request;
      return [task(taskIds.inspect(conversionId), state, { kind: 'inspect', source, settings })];
    }
    case 'encoding': {
      const { audio, source, plan, segments, request } = state;
      return plan.ranges
        .filter((range) => encodedIn(range, segments).length < range.count)
        .map((range) =>
          task(taskIds.encode(conversionId, range), state, {
            kind: 'encode',
            audio,
            source,
            plan,
            settings: request.settings,
            range,
            encoded: encodedIn(range, segments),
          }),
        );
    }
    case 'joining': {
      const segments = [...state.segments.values()].sort((a, b) => a.index - b.index);
      const { plan, request } = state;
      return [task(taskIds.join(conversionId), state, { kind: 'join', plan, settings: request.settings, segments })];
    }
    case 'absent':
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'deleted':
      return [];
  }
}

function task(taskId: string, { failures }: UnfinishedState, work: TaskWork): OutstandingTask {
  const failed = failures.get(taskId);
  return { taskId, try: (failed?.try ?? 0) + 1, notBefore: failed?.retryAt ?? null, work };
}

function encodedIn({ first, count }: Range, segments: ReadonlyMap<number, unknown>): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset).filter((index) => segments.has(index));
}
