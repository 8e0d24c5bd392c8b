import {
  type BlobRef,
  type ConversionEvent,
  conversionStream,
  type FailureCode,
  failures,
  type Output,
  type Priority,
  readConversionEvent,
  type Settings,
  type Source,
  type TaskKind,
} from '#contracts';
import type { EventStore } from '#event-store';

export type PhaseStatus = 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled';

/** What a reader may know of a conversion: a fold of its events, one for every service that shows it. */
export interface ConversionView {
  readonly id: string;
  readonly revision: bigint;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  /** What is being done, or was when it ended. */
  readonly phase: TaskKind | 'done';
  readonly deleted: boolean;
  readonly userId: string;
  readonly uploadId: string;
  readonly settings: Settings;
  readonly priority: Priority;
  readonly requestHash: string;
  readonly deadline: string;
  readonly retryOf: string | null;
  readonly source: Source | null;
  readonly output: Output | null;
  readonly error: { readonly code: FailureCode; readonly detail: string } | null;
  /** Segments encoded, and segments planned. */
  readonly segments: { readonly done: number; readonly total: number } | null;
  /** Tries that failed and were followed by another. */
  readonly failedTries: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Blobs that its events refer to and that are still needed. */
  readonly blobs: readonly BlobRef[];
  /** The trace that it belongs to: its first event's. */
  readonly traceparent: string | null;
}

/** Null before the first event. */
export function evolveView(
  view: ConversionView | null,
  id: string,
  revision: bigint,
  event: ConversionEvent,
  traceparent: string | null = null,
): ConversionView {
  if (event.type === 'ConversionRequested') {
    const { userId, uploadId, settings, priority, requestHash, deadline, retryOf } = event.data;
    return {
      ...{ id, revision, userId, uploadId, settings, priority, requestHash, deadline, retryOf: retryOf ?? null },
      ...{ status: 'queued', phase: 'inspect', deleted: false, source: null, output: null, error: null },
      ...{ segments: null, failedTries: 0, createdAt: event.at, startedAt: null, finishedAt: null, blobs: [] },
      traceparent,
    };
  }
  if (view === null) throw new Error(`${id} does not begin with ConversionRequested`);
  return { ...view, ...change(view, event), revision };
}

function change(
  view: ConversionView,
  event: Exclude<ConversionEvent, { type: 'ConversionRequested' }>,
): Partial<ConversionView> {
  const { at } = event;
  switch (event.type) {
    case 'ConversionStarted':
      return { status: 'running', startedAt: at };
    case 'SourceInspected': {
      const { source, plan, audio } = event.data;
      return { phase: 'encode', source, segments: { done: 0, total: plan.segments }, blobs: [audio] };
    }
    case 'SegmentEncoded': {
      const { done, total } = view.segments ?? { done: 0, total: 1 };
      const blobs = [...view.blobs, event.data.blob];
      return { segments: { done: done + 1, total }, phase: done + 1 === total ? 'join' : 'encode', blobs };
    }
    case 'TaskFailed':
      return { failedTries: view.failedTries + 1 };
    case 'ConversionCompleted': {
      const { output } = event.data;
      return { status: 'completed', phase: 'done', output, finishedAt: at, blobs: [output.blob] };
    }
    case 'ConversionFailed':
      return { status: 'failed', error: event.data, finishedAt: at, blobs: [] };
    case 'ConversionCancelled':
      return { status: 'cancelled', finishedAt: at, blobs: [] };
    case 'ConversionDeleted':
      return { deleted: true, blobs: [] };
  }
}

/** The conversion as its stream says at this moment; null when there is none. */
export async function viewConversion(events: EventStore, id: string): Promise<ConversionView | null> {
  let view: ConversionView | null = null;
  for await (const recorded of events.read(conversionStream(id))) {
    const traceparent = recorded.metadata.traceparent ?? null;
    view = evolveView(view, id, recorded.revision, readConversionEvent(recorded), traceparent);
  }
  return view;
}

export function failureSentence({ code, detail }: { code: FailureCode; detail: string }): string {
  return detail === '' ? failures[code] : detail;
}
