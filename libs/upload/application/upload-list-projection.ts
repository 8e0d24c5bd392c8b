import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { deriveId, readAccountEvent, readUploadEvent, type UploadEvent, uploadFiles } from '#contracts';
import { Documents, pagesOf, removeDocument } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { isAccountErased, type Projection } from '#projections';
import { UploadActors } from './upload-actors.ts';
import { uploadList } from './upload-list.ts';

const pageSize = 100;

/**
 * Folds uploads into rows that can be listed. It sees accounts go as well, in the log's order, so that no upload of
 * theirs is overlooked: it is in the list already, or it is met later. Deleting again, also years later from a list that is
 * being rebuilt, changes nothing.
 */
@Injectable()
export class UploadListProjection implements Projection {
  readonly name = 'upload-list-1';
  readonly categories = ['account', 'upload'];

  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly actors: UploadActors,
    private readonly clock: Clock,
  ) {}

  async apply(recorded: Recorded): Promise<void> {
    const { stream, revision } = recorded;
    const id = stream.slice(stream.indexOf('-') + 1);
    if (stream.startsWith('upload-')) return this.#fold(id, revision, readUploadEvent(recorded));
    if (readAccountEvent(recorded).type === 'AccountErased') await this.#erase(id);
  }

  async #fold(id: string, revision: bigint, event: UploadEvent): Promise<void> {
    if (event.type === 'UploadDeleted') return this.documents.project(uploadList, id, revision, null);
    const { userId, blob, mediaType, convert } = event.data;
    await this.documents.project(uploadList, id, revision, {
      ...{ userId, bytes: blob.bytes, sha256: blob.sha256, mediaType, createdAt: event.at },
      conversionId: convert?.conversionId ?? null,
    });
    // It may have become complete in the moment in which its owner went, or long after.
    if (await isAccountErased(this.events, userId)) await this.#delete(id);
  }

  async #erase(userId: string): Promise<void> {
    const theirs = { index: 'byUser', equals: [userId], limit: pageSize };
    for await (const page of pagesOf(this.documents, uploadList, theirs)) {
      await Promise.all(page.map(({ id }) => this.#delete(id)));
    }
    // Also of uploads that were never recorded.
    for await (const page of pagesOf(this.documents, uploadFiles, theirs)) {
      for (const { id } of page) await removeDocument(this.documents, uploadFiles, id);
    }
  }

  async #delete(uploadId: string): Promise<void> {
    const at = this.clock.now().toISOString();
    await this.actors.execute({ type: 'DeleteUpload', id: deriveId(uploadId, 'delete'), uploadId, at });
  }
}
