import {
  type BlobRef,
  type ConversionEvent,
  conversionStream,
  readConversionEvent,
  readUploadEvent,
  type UploadEvent,
  uploadStream,
} from '#contracts';
import { type Documents, defineCollection } from '#documents';
import type { EventStore, Recorded } from '#event-store';
import { type Projection, viewConversion } from '#projections';

/** Which stream each blob belongs to: every blob that an event ever referred to is here, under its key. */
export const blobOwners = defineCollection<{ stream: string }>({
  name: 'blob-owners',
  kind: 'read-model',
  indexes: {},
});

export class BlobOwnersProjection implements Projection {
  readonly name = 'blob-owners';
  readonly categories = ['upload', 'conversion'];

  constructor(private readonly documents: Documents) {}

  async apply(recorded: Recorded): Promise<void> {
    const { stream, revision } = recorded;
    const isUpload = stream.startsWith(uploadStream(''));
    const event = isUpload ? readUploadEvent(recorded) : readConversionEvent(recorded);
    for (const { key } of blobsIn(event)) await this.documents.project(blobOwners, key, revision, { stream });
  }
}

/** The blobs that the event brings into its stream. A conversion's source belongs to its upload. */
function blobsIn(event: UploadEvent | ConversionEvent): readonly BlobRef[] {
  switch (event.type) {
    case 'UploadCompleted':
    case 'SegmentEncoded':
      return [event.data.blob];
    case 'SourceInspected':
      return [event.data.audio];
    case 'ConversionCompleted':
      return [event.data.output.blob];
    default:
      return [];
  }
}

/** Whether the owner's stream, read to its end now, still needs the blob. */
export async function isNeeded(events: EventStore, stream: string, key: string): Promise<boolean> {
  if (stream.startsWith(uploadStream(''))) {
    let needed = false;
    for await (const recorded of events.read(stream)) {
      const event = readUploadEvent(recorded);
      needed = event.type === 'UploadCompleted' && event.data.blob.key === key;
    }
    return needed;
  }
  const view = await viewConversion(events, stream.slice(conversionStream('').length));
  return view?.blobs.some((blob) => blob.key === key) ?? false;
}
