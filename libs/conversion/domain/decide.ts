import type { ConversionCommand, ConversionEvent, FailureCode } from '#contracts';
import { type ConversionState, isUnfinished, type UnfinishedState } from './state.ts';
import { taskIds } from './tasks.ts';

export type RefusalCode = 'idempotency-key-reused' | 'conversion-finished' | 'conversion-not-failed' | 'not-found';

/** The command cannot be carried out in this state, and the sender should hear of it. */
export class CommandRefused extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
    this.name = 'CommandRefused';
  }
}

/** @throws CommandRefused what goes on, or has succeeded, is not begun anew */
export function assertCanBeRetried(status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'): void {
  if (status !== 'failed' && status !== 'cancelled') throw new CommandRefused('conversion-not-failed');
}

/** A task is tried this many times before its conversion fails. */
export const maxTries = 3;

/** Waits before the second and the third try, in milliseconds. */
const backoff = [1_000, 10_000] as const;

/**
 * What happens because of the command: pure. What comes late, twice, or from a task that is no longer wanted leads
 * to nothing; what its sender must be told of throws {@link CommandRefused}.
 */
export function decide(command: ConversionCommand, state: ConversionState): readonly ConversionEvent[] {
  const { at } = command;
  switch (command.type) {
    case 'RequestConversion':
      if (state.status === 'absent') return [{ type: 'ConversionRequested', at, data: command.data }];
      if (state.request.requestHash !== command.data.requestHash) throw new CommandRefused('idempotency-key-reused');
      return [];
    case 'CancelConversion':
      if (isUnfinished(state)) return [{ type: 'ConversionCancelled', at, data: command.data }];
      // That its upload or its owner has gone is nothing to one that has ended, and nobody waits to hear so.
      if (command.data.reason !== 'client') return [];
      throw new CommandRefused(
        state.status === 'absent' || state.status === 'deleted' ? 'not-found' : 'conversion-finished',
      );
    case 'DeleteConversion': {
      if (state.status === 'absent') throw new CommandRefused('not-found');
      if (state.status === 'deleted') return [];
      const deleted: ConversionEvent = { type: 'ConversionDeleted', at, data: {} };
      return isUnfinished(state) ? [{ type: 'ConversionCancelled', at, data: command.data }, deleted] : [deleted];
    }
    case 'ExpireConversion':
      return isUnfinished(state) ? [{ type: 'ConversionFailed', at, data: command.data }] : [];
    case 'RecordTaskStarted':
      if (state.status !== 'queued' || command.data.taskId !== taskIds.inspect(command.conversionId)) return [];
      return [{ type: 'ConversionStarted', at, data: command.data }];
    case 'RecordInspected':
      return recordInspected(command, state);
    case 'RecordSegment': {
      const { taskId, index } = command.data;
      if (state.status !== 'encoding' || state.segments.has(index)) return [];
      const wanted = state.plan.ranges.some(
        (range) =>
          index >= range.first &&
          index < range.first + range.count &&
          taskId === taskIds.encode(command.conversionId, range),
      );
      return wanted ? [{ type: 'SegmentEncoded', at, data: command.data }] : [];
    }
    case 'RecordOutput':
      if (state.status !== 'joining' || command.data.taskId !== taskIds.join(command.conversionId)) return [];
      return [{ type: 'ConversionCompleted', at, data: { output: command.data.output } }];
    case 'RecordTaskFailed':
      return isUnfinished(state) ? recordTaskFailed(command, state) : [];
  }
}

function recordInspected(
  { conversionId, at, data }: Extract<ConversionCommand, { type: 'RecordInspected' }>,
  state: ConversionState,
): readonly ConversionEvent[] {
  const { engine, ...inspected } = data;
  if (inspected.taskId !== taskIds.inspect(conversionId)) return [];
  const sourceInspected: ConversionEvent = { type: 'SourceInspected', at, data: inspected };
  if (state.status === 'inspecting') return [sourceInspected];
  // The report of the start may have been lost on the way: the result says the same.
  if (state.status === 'queued') {
    return [{ type: 'ConversionStarted', at, data: { taskId: inspected.taskId, engine } }, sourceInspected];
  }
  return [];
}

function recordTaskFailed(
  { conversionId, at, data }: Extract<ConversionCommand, { type: 'RecordTaskFailed' }>,
  state: UnfinishedState,
): readonly ConversionEvent[] {
  const { taskId, code, detail, retryable } = data;
  if (!isWanted(taskId, conversionId, state)) return [];
  if (data.try <= (state.failures.get(taskId)?.try ?? 0)) return [];
  const wait = backoff[data.try - 1];
  if (!retryable || data.try >= maxTries || wait === undefined) {
    return [{ type: 'ConversionFailed', at, data: { code, detail } }];
  }
  const retryAt = new Date(Date.parse(at) + wait).toISOString();
  return [
    { type: 'TaskFailed', at, data: { taskId, try: data.try, code: code satisfies FailureCode, detail, retryAt } },
  ];
}

/** Whether the conversion still waits for this task. */
function isWanted(taskId: string, conversionId: string, state: UnfinishedState): boolean {
  switch (state.status) {
    case 'queued':
    case 'inspecting':
      return taskId === taskIds.inspect(conversionId);
    case 'encoding':
      return state.plan.ranges.some((range) => taskId === taskIds.encode(conversionId, range));
    case 'joining':
      return taskId === taskIds.join(conversionId);
  }
}
