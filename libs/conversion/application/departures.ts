import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { type CancelReason, type ConversionCommand, deriveId } from '#contracts';
import { Documents, type PageOptions, pagesOf, removeDocument } from '#documents';
import { EventStore } from '#event-store';
import { type ConversionView, isAccountErased } from '#projections';
import { ConversionActors } from './conversion-actors.ts';
import { conversionList } from './conversion-list.ts';
import { findUpload } from './find-upload.ts';
import { privateFields } from './private-fields.ts';

const pageSize = 100;

/**
 * What follows for conversions when an upload is deleted or an account erased. Repeating it, also years later from a
 * list that is being rebuilt, changes nothing: the log decides, and whoever has ended or gone stays so.
 */
@Injectable()
export class Departures {
  constructor(
    private readonly actors: ConversionActors,
    private readonly documents: Documents,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** What is unfinished cannot go on without its source; outputs that are there stay. */
  uploadDeleted(uploadId: string): Promise<void> {
    return this.#forEach({ index: 'byUpload', equals: [uploadId, true] }, (id) => this.#cancel(id, 'upload-deleted'));
  }

  async accountErased(userId: string): Promise<void> {
    await this.#forEach({ index: 'byUser', equals: [userId] }, (id) => this.#delete(id));
    // Also of requests that were refused in the end, or never recorded.
    for await (const page of pagesOf(this.documents, privateFields, {
      index: 'byUser',
      equals: [userId],
      limit: pageSize,
    })) {
      for (const { id } of page) await removeDocument(this.documents, privateFields, id);
    }
  }

  /** It may have been requested in the moment in which its owner or its upload went. */
  async conversionRequested({ id, userId, uploadId }: ConversionView): Promise<void> {
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
  async #forEach(list: Pick<PageOptions, 'index' | 'equals'>, act: (id: string) => Promise<void>): Promise<void> {
    for await (const page of pagesOf(this.documents, conversionList, { ...list, limit: pageSize })) {
      await Promise.all(page.map(({ id }) => act(id)));
    }
  }
}
