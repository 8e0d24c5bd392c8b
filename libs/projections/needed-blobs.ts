import { type BlobRef, conversionStream, readUploadEvent, uploadStream } from '#contracts';
import type { EventStore } from '#event-store';
import { viewConversion } from './conversion-view.ts';

/** The blobs that the stream, read to its end now, still needs. A conversion's source belongs to its upload. */
export async function neededBlobs(events: EventStore, stream: string): Promise<readonly BlobRef[]> {
  if (stream.startsWith(conversionStream(''))) {
    const view = await viewConversion(events, stream.slice(conversionStream('').length));
    return view?.blobs ?? [];
  }
  if (!stream.startsWith(uploadStream(''))) return [];
  let needed: readonly BlobRef[] = [];
  for await (const recorded of events.read(stream)) {
    const event = readUploadEvent(recorded);
    needed = event.type === 'UploadCompleted' ? [event.data.blob] : [];
  }
  return needed;
}
