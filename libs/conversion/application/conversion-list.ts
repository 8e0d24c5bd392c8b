import { type Documents, defineCollection } from '#documents';
import type { EventStore, Recorded } from '#event-store';
import { type ConversionView, ConversionViews, type Projection } from '#projections';

export type ConversionRow = {
  readonly userId: string;
  readonly uploadId: string;
  readonly status: ConversionView['status'];
  /** Not ended: the overdue sweep looks at these. */
  readonly isUnfinished: boolean;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly deadline: string;
};

export const conversionList = defineCollection<ConversionRow>({
  name: 'conversions',
  kind: 'read-model',
  indexes: {
    byUser: { fields: ['userId', 'createdAt'] },
    byStatus: { fields: ['status', 'createdAt'] },
    byProgress: { fields: ['isUnfinished', 'createdAt'] },
  },
});

/** Folds conversions into rows that can be listed and swept. */
export class ConversionListProjection implements Projection {
  readonly name = 'conversion-list';
  readonly categories = ['conversion'];
  readonly #views: ConversionViews;

  constructor(
    events: EventStore,
    private readonly documents: Documents,
  ) {
    this.#views = new ConversionViews(events);
  }

  async apply(recorded: Recorded): Promise<void> {
    const view = await this.#views.after(recorded);
    const { id, revision, userId, uploadId, status, createdAt, finishedAt, deadline } = view;
    const isUnfinished = status === 'queued' || status === 'running';
    const row = { userId, uploadId, status, isUnfinished, createdAt, finishedAt, deadline };
    await this.documents.project(conversionList, id, revision, view.deleted ? null : row);
  }
}
