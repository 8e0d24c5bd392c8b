import type { BlobRef, Settings, UploadEvent } from '#contracts';

interface Envelope {
  readonly id: string;
  readonly uploadId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export type UploadCommand = Envelope & {
  readonly type: 'CompleteUpload';
  readonly userId: string;
  readonly blob: BlobRef;
  readonly mediaType: string | null;
  readonly convert: { readonly conversionId: string; readonly settings: Settings } | null;
};

export type UploadState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'complete';
      readonly userId: string;
      readonly blob: BlobRef;
      readonly mediaType: string | null;
      readonly conversionId: string | null;
      readonly createdAt: string;
    }
  | { readonly status: 'deleted'; readonly userId: string };

export const absent: UploadState = { status: 'absent' };

/** Bytes that are complete stay as they are: completing again leads to nothing. */
export function decide(command: UploadCommand, state: UploadState): readonly UploadEvent[] {
  const { at, userId, blob, mediaType, convert } = command;
  if (state.status !== 'absent') return [];
  const data = { userId, blob, mediaType, ...(convert === null ? {} : { convert }) };
  return [{ type: 'UploadCompleted', at, data }];
}

export function evolve(state: UploadState, event: UploadEvent): UploadState {
  switch (event.type) {
    case 'UploadCompleted': {
      const { userId, blob, mediaType, convert } = event.data;
      const conversionId = convert?.conversionId ?? null;
      return { status: 'complete', userId, blob, mediaType, conversionId, createdAt: event.at };
    }
    case 'UploadDeleted':
      return state.status === 'absent' ? state : { status: 'deleted', userId: state.userId };
  }
}
