import { conversionStream } from '#contracts';
import { type ConversionView, ConversionViews, type ReadModel } from '#projections';
import { type ConversionRow, conversionList } from './conversion-list.ts';

/** Folds conversions into rows that can be listed and swept. */
export const conversionListModel: ReadModel = {
  name: 'conversion-list',
  version: 2,
  // Uploads and accounts go in the same order, so that nothing of theirs is overlooked: see `Departures`.
  categories: ['account', 'upload', 'conversion'],
  collections: [conversionList],
  open(events, documents) {
    const views = new ConversionViews(events);
    return {
      async apply(recorded) {
        if (!recorded.stream.startsWith(conversionStream(''))) return;
        const view = await views.after(recorded);
        await documents.project(conversionList, view.id, view.revision, view.deleted ? null : toRow(view));
      },
    };
  },
};

function toRow(view: ConversionView): ConversionRow {
  const { id: _id, traceparent: _, revision, deleted: _deleted, blobs: _blobs, segments: _segments, ...row } = view;
  const isUnfinished = row.status === 'queued' || row.status === 'running';
  return { ...row, revision: Number(revision), isUnfinished };
}
