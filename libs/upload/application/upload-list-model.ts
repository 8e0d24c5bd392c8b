import { readUploadEvent, uploadStream } from '#contracts';
import type { ReadModel } from '#projections';
import { uploadList } from './upload-list.ts';

/** Folds uploads into rows that can be listed. */
export const uploadListModel: ReadModel = {
  name: 'upload-list',
  version: 1,
  // Accounts go in the same order, so that nothing of theirs is overlooked: see `Departures`.
  categories: ['account', 'upload'],
  collections: [uploadList],
  open(_events, documents) {
    return {
      async apply(recorded) {
        const { stream, revision } = recorded;
        if (!stream.startsWith(uploadStream(''))) return;
        const id = stream.slice(uploadStream('').length);
        const event = readUploadEvent(recorded);
        if (event.type === 'UploadDeleted') return documents.project(uploadList, id, revision, null);
        const { userId, blob, mediaType, convert } = event.data;
        await documents.project(uploadList, id, revision, {
          ...{ userId, bytes: blob.bytes, sha256: blob.sha256, mediaType, createdAt: event.at },
          conversionId: convert?.conversionId ?? null,
        });
      },
    };
  },
};
