import {
  type BlobRef,
  type ConversionEvent,
  readConversionEvent,
  readUploadEvent,
  type UploadEvent,
  uploadStream,
} from '#contracts';
import { defineCollection } from '#documents';
import type { ReadModel } from '#projections';

/** Which stream each blob belongs to: every blob that an event ever referred to is here, under its key. */
export const blobOwners = defineCollection<{ stream: string }>({
  name: 'blob-owners',
  kind: 'read-model',
  indexes: {},
});

/** Folds the log into the owners of blobs. */
export const blobOwnersModel: ReadModel = {
  name: 'blob-owners',
  version: 1,
  categories: ['upload', 'conversion'],
  collections: [blobOwners],
  open(_events, documents) {
    return {
      async apply(recorded) {
        const { stream, revision } = recorded;
        const isUpload = stream.startsWith(uploadStream(''));
        const event = isUpload ? readUploadEvent(recorded) : readConversionEvent(recorded);
        for (const { key } of blobsIn(event)) await documents.project(blobOwners, key, revision, { stream });
      },
    };
  },
};

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
