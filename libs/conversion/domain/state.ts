import type { BlobRef, ConversionEvent, FailureCode, Output, Plan, Source } from '#contracts';

type Requested = Extract<ConversionEvent, { type: 'ConversionRequested' }>;
export type Request = Requested['data'] & { readonly at: string };

export interface EncodedSegment {
  readonly index: number;
  readonly blob: BlobRef;
  readonly samples: number;
}

export interface FailedTry {
  readonly try: number;
  /** RFC 3339: not tried again before. */
  readonly retryAt: string;
}

interface Unfinished {
  readonly request: Request;
  /** The last failed try of each task that has failed. */
  readonly failures: ReadonlyMap<string, FailedTry>;
}

interface Inspected extends Unfinished {
  readonly source: Source;
  readonly audio: BlobRef;
  readonly plan: Plan;
  readonly segments: ReadonlyMap<number, EncodedSegment>;
}

interface Ended {
  readonly request: Request;
  /** Blobs that only the way to the output needed. */
  readonly leftovers: readonly BlobRef[];
}

export type ConversionState =
  | { readonly status: 'absent' }
  | (Unfinished & { readonly status: 'queued' })
  | (Unfinished & { readonly status: 'inspecting' })
  | (Inspected & { readonly status: 'encoding' })
  | (Inspected & { readonly status: 'joining' })
  | (Ended & { readonly status: 'completed'; readonly output: Output })
  | (Ended & { readonly status: 'failed'; readonly code: FailureCode })
  | (Ended & { readonly status: 'cancelled' })
  | (Ended & { readonly status: 'deleted' });

export type UnfinishedState = Extract<ConversionState, Unfinished>;
export type EndedState = Extract<ConversionState, Ended>;

export const absent: ConversionState = { status: 'absent' };

export function isUnfinished(state: ConversionState): state is UnfinishedState {
  switch (state.status) {
    case 'queued':
    case 'inspecting':
    case 'encoding':
    case 'joining':
      return true;
    case 'absent':
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'deleted':
      return false;
  }
}
