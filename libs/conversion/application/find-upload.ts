import { type BlobRef, readUploadEvent, uploadStream } from '#contracts';
import type { EventStore } from '#event-store';

export interface FoundUpload {
  readonly userId: string;
  readonly blob: BlobRef;
  readonly isDeleted: boolean;
}

/** The upload as its own stream tells; null when there is none. */
export async function findUpload(events: EventStore, uploadId: string): Promise<FoundUpload | null> {
  let found = null as FoundUpload | null;
  for await (const recorded of events.read(uploadStream(uploadId))) {
    const event = readUploadEvent(recorded);
    switch (event.type) {
      case 'UploadCompleted':
        found = { userId: event.data.userId, blob: event.data.blob, isDeleted: false };
        break;
      case 'UploadDeleted':
        found = found && { ...found, isDeleted: true };
        break;
    }
  }
  return found;
}
