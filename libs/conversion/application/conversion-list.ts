import { defineCollection } from '#documents';
import type { Shown } from './status-document.ts';

/** All that a list shows, so that a page of it reads no stream. What is private is laid over when it is read. */
export type ConversionRow = Omit<Shown, 'id' | 'revision'> & {
  readonly userId: string;
  readonly revision: number;
  readonly requestHash: string;
  /** Not ended: the overdue sweep looks at these. */
  readonly isUnfinished: boolean;
  readonly deadline: string;
};

/** The number is the row's shape: another shape is another collection, folded anew from the log (ADR 12). */
export const conversionList = defineCollection<ConversionRow>({
  name: 'conversions-2',
  kind: 'read-model',
  indexes: {
    byUser: { fields: ['userId', 'createdAt'] },
    byUserAndStatus: { fields: ['userId', 'status', 'createdAt'] },
    byUserAndUpload: { fields: ['userId', 'uploadId', 'createdAt'] },
    byUserUploadAndStatus: { fields: ['userId', 'uploadId', 'status', 'createdAt'] },
    byUpload: { fields: ['uploadId', 'isUnfinished'] },
    byStatus: { fields: ['status', 'createdAt'] },
    byProgress: { fields: ['isUnfinished', 'createdAt'] },
  },
});
