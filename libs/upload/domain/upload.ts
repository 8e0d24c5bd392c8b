import type { BlobRef, Settings, UploadEvent } from '#contracts';

interface Envelope {
  readonly id: string;
  readonly uploadId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export type UploadCommand =
  | (Envelope & {
      readonly type: 'CompleteUpload';
      readonly userId: string;
      readonly blob: BlobRef;
      readonly mediaType: string | null;
      readonly convert: { readonly conversionId: string; readonly settings: Settings } | null;
    })
  | (Envelope & { readonly type: 'DeleteUpload' });

interface Completed {
  readonly userId: string;
  readonly blob: BlobRef;
  readonly conversionId: string | null;
}

export type UploadState =
  | { readonly status: 'absent' }
  | (Completed & { readonly status: 'complete'; readonly mediaType: string | null; readonly createdAt: string })
  /** What it had is still known, so that it can be cleared away, however late. */
  | (Completed & { readonly status: 'deleted' });

export const absent: UploadState = { status: 'absent' };

/** Bytes that are complete stay as they are: completing again leads to nothing. So does deleting what is not there. */
export function decide(command: UploadCommand, state: UploadState): readonly UploadEvent[] {
  const { at } = command;
  switch (command.type) {
    case 'CompleteUpload': {
      if (state.status !== 'absent') return [];
      const { userId, blob, mediaType, convert } = command;
      const data = { userId, blob, mediaType, ...(convert === null ? {} : { convert }) };
      return [{ type: 'UploadCompleted', at, data }];
    }
    case 'DeleteUpload':
      return state.status === 'complete' ? [{ type: 'UploadDeleted', at, data: {} }] : [];
  }
}

export function evolve(state: UploadState, event: UploadEvent): UploadState {
  switch (event.type) {
    case 'UploadCompleted': {
      const { userId, blob, mediaType, convert } = event.data;
      const conversionId = convert?.conversionId ?? null;
      return { status: 'complete', userId, blob, mediaType, conversionId, createdAt: event.at };
    }
    case 'UploadDeleted': {
      if (state.status === 'absent') return state;
      const { userId, blob, conversionId } = state;
      return { status: 'deleted', userId, blob, conversionId };
    }
  }
}
