import { Injectable } from '@nestjs/common';
import { readAccountEvent, readUploadEvent } from '#contracts';
import { Documents } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { type ConversionView, ConversionViews, type Projection } from '#projections';
import { type ConversionRow, conversionList } from './conversion-list.ts';
import { Departures } from './departures.ts';

/**
 * Folds conversions into rows that can be listed and swept. It sees uploads and accounts go as well, in the log's
 * order, so that nothing of theirs is overlooked: it is in the list already, or it is met later.
 */
@Injectable()
export class ConversionListProjection implements Projection {
  readonly name = 'conversion-list-2';
  readonly categories = ['account', 'upload', 'conversion'];
  readonly #views: ConversionViews;

  constructor(
    events: EventStore,
    private readonly documents: Documents,
    private readonly departures: Departures,
  ) {
    this.#views = new ConversionViews(events);
  }

  async apply(recorded: Recorded): Promise<void> {
    const [category = '', subject = ''] = splitOnce(recorded.stream);
    switch (category) {
      case 'account':
        if (readAccountEvent(recorded).type === 'AccountErased') await this.departures.accountErased(subject);
        return;
      case 'upload':
        if (readUploadEvent(recorded).type === 'UploadDeleted') await this.departures.uploadDeleted(subject);
        return;
      default:
        return this.#fold(recorded);
    }
  }

  async #fold(recorded: Recorded): Promise<void> {
    const view = await this.#views.after(recorded);
    await this.documents.project(conversionList, view.id, view.revision, view.deleted ? null : toRow(view));
    if (recorded.revision === 0n && !view.deleted) await this.departures.conversionRequested(view);
  }
}

function toRow(view: ConversionView): ConversionRow {
  const { id: _id, revision, deleted: _deleted, blobs: _blobs, segments: _segments, ...row } = view;
  const isUnfinished = row.status === 'queued' || row.status === 'running';
  return { ...row, revision: Number(revision), isUnfinished };
}

function splitOnce(stream: string): readonly string[] {
  const at = stream.indexOf('-');
  return [stream.slice(0, at), stream.slice(at + 1)];
}
