import type { BlobRef, ConversionEvent } from '#contracts';
import type { ConversionState, Request } from './state.ts';

/** A stream that no version of this program writes: an event that cannot follow the state it is in. */
export class ImpossibleHistory extends Error {
  readonly code = 'impossible-history';
  constructor(event: ConversionEvent['type'], status: ConversionState['status']) {
    super(`${event} cannot follow a conversion that is ${status}`);
    this.name = 'ImpossibleHistory';
  }
}

/** What the conversion is after the event. Pure. */
export function evolve(state: ConversionState, event: ConversionEvent): ConversionState {
  const impossible = () => new ImpossibleHistory(event.type, state.status);
  switch (event.type) {
    case 'ConversionRequested':
      if (state.status !== 'absent') throw impossible();
      return { status: 'queued', request: { ...event.data, at: event.at }, failures: new Map() };
    case 'ConversionStarted':
      if (state.status !== 'queued') throw impossible();
      return { ...state, status: 'inspecting' };
    case 'SourceInspected': {
      if (state.status !== 'inspecting') throw impossible();
      const { source, audio, plan } = event.data;
      const { request, failures } = state;
      return { status: 'encoding', request, failures, source, audio, plan, segments: new Map() };
    }
    case 'SegmentEncoded': {
      if (state.status !== 'encoding') throw impossible();
      const { index, blob, samples } = event.data;
      const segments = new Map(state.segments).set(index, { index, blob, samples });
      return { ...state, status: segments.size === state.plan.segments ? 'joining' : 'encoding', segments };
    }
    case 'TaskFailed':
      switch (state.status) {
        case 'queued':
        case 'inspecting':
        case 'encoding':
        case 'joining': {
          const { taskId, try: failedTry, retryAt } = event.data;
          return { ...state, failures: new Map(state.failures).set(taskId, { try: failedTry, retryAt }) };
        }
        case 'absent':
        case 'completed':
        case 'failed':
        case 'cancelled':
        case 'deleted':
          throw impossible();
      }
      break;
    case 'ConversionCompleted': {
      if (state.status !== 'joining') throw impossible();
      const { output } = event.data;
      const leftovers = blobsMadeFor(state).filter(({ key }) => key !== output.blob.key);
      return { status: 'completed', request: state.request, leftovers, output };
    }
    case 'ConversionFailed':
      return { status: 'failed', ...ended(state, impossible), code: event.data.code };
    case 'ConversionCancelled':
      return { status: 'cancelled', ...ended(state, impossible) };
    case 'ConversionDeleted':
      switch (state.status) {
        case 'completed':
          return {
            status: 'deleted',
            request: state.request,
            leftovers: [...state.leftovers, state.output.blob],
          };
        case 'failed':
        case 'cancelled':
          return { status: 'deleted', request: state.request, leftovers: state.leftovers };
        case 'absent':
        case 'queued':
        case 'inspecting':
        case 'encoding':
        case 'joining':
        case 'deleted':
          throw impossible();
      }
  }
}

function ended(
  state: ConversionState,
  impossible: () => ImpossibleHistory,
): { readonly request: Request; readonly leftovers: readonly BlobRef[] } {
  switch (state.status) {
    case 'queued':
    case 'inspecting':
    case 'encoding':
    case 'joining':
      return { request: state.request, leftovers: blobsMadeFor(state) };
    case 'absent':
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'deleted':
      throw impossible();
  }
}

function blobsMadeFor(state: ConversionState): readonly BlobRef[] {
  if (state.status !== 'encoding' && state.status !== 'joining') return [];
  return [state.audio, ...[...state.segments.values()].map(({ blob }) => blob)];
}
