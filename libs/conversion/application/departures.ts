import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { type CancelReason, type ConversionCommand, deriveId } from '#contracts';
import { type Documents, type PageOptions, pagesOf, removeDocument } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { isAccountErased, privateFields, viewConversion } from '#projections';
import { ConversionActors } from './conversion-actors.ts';
import { conversionList } from './conversion-list.ts';
import { findUpload } from './find-upload.ts';

const pageSize = 100;

/**
 * What follows for conversions when an upload is deleted or an account erased. Repeating it, also years later from a
 * list that is being rebuilt, changes nothing: the log decides, and whoever has ended or gone stays so.
 */
@Injectable()
export class Departures {
  constructor(
    private readonly actors: ConversionActors,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Called for every event once the list tells of it, so that nothing is overlooked: a conversion is in the list when
   * its upload or its owner goes, or it is met later.
   */
  async react({ stream, revision, ...recorded }: Recorded, documents: Documents): Promise<void> {
    const at = stream.indexOf('-');
    const subject = stream.slice(at + 1);
    switch (stream.slice(0, at)) {
      case 'account':
        if (recorded.type === 'AccountErased') await this.#accountErased(subject, documents);
        return;
      case 'upload':
        if (recorded.type === 'UploadDeleted') await this.#uploadDeleted(subject, documents);
        return;
      default:
        if (revision === 0n) await this.#conversionRequested(subject);
    }
  }

  /** What is unfinished cannot go on without its source; outputs that are there stay. */
  #uploadDeleted(uploadId: string, documents: Documents): Promise<void> {
    return this.#forEach(documents, { index: 'byUpload', equals: [uploadId, true] }, (id) =>
      this.#cancel(id, 'upload-deleted'),
    );
  }

  async #accountErased(userId: string, documents: Documents): Promise<void> {
    await this.#forEach(documents, { index: 'byUser', equals: [userId] }, (id) => this.#delete(id));
    // Also of requests that were refused in the end, or never recorded.
    for await (const page of pagesOf(documents, privateFields, {
      index: 'byUser',
      equals: [userId],
      limit: pageSize,
    })) {
      for (const { id } of page) await removeDocument(documents, privateFields, id);
    }
  }

  /** It may have been requested in the moment in which its owner or its upload went. */
  async #conversionRequested(id: string): Promise<void> {
    const view = await viewConversion(this.events, id);
    if (view === null || view.deleted) return;
    const { userId, uploadId } = view;
    if (await isAccountErased(this.events, userId)) await this.#delete(id);
    else if ((await findUpload(this.events, uploadId))?.isDeleted === true) await this.#cancel(id, 'upload-deleted');
  }

  #cancel(conversionId: string, reason: CancelReason): Promise<void> {
    return this.#execute({
      type: 'CancelConversion',
      id: deriveId(conversionId, 'cancel', reason),
      ...{ conversionId, at: this.clock.now().toISOString(), data: { reason } },
    });
  }

  #delete(conversionId: string): Promise<void> {
    return this.#execute({
      type: 'DeleteConversion',
      id: deriveId(conversionId, 'delete'),
      ...{ conversionId, at: this.clock.now().toISOString(), data: { reason: 'account-erased' } },
    });
  }

  async #execute(command: ConversionCommand): Promise<void> {
    await this.actors.execute(command);
  }

  /** A page at once: their appends share a sync to the disk. */
  async #forEach(
    documents: Documents,
    list: Pick<PageOptions, 'index' | 'equals'>,
    act: (id: string) => Promise<void>,
  ): Promise<void> {
    for await (const page of pagesOf(documents, conversionList, { ...list, limit: pageSize })) {
      await Promise.all(page.map(({ id }) => act(id)));
    }
  }
}
