import { defineCollection } from '#documents';

/** All that a list shows but the file's name, which is private and laid over when it is read. */
export type UploadRow = {
  readonly userId: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string | null;
  readonly conversionId: string | null;
  readonly createdAt: string;
};

/** The number is the row's shape: another shape is another collection, folded anew from the log (ADR 12). */
export const uploadList = defineCollection<UploadRow>({
  name: 'uploads-1',
  kind: 'read-model',
  indexes: { byUser: { fields: ['userId', 'createdAt'] } },
});
