import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { accountStream, deriveId, readUploadEvent, uploadFiles, uploadStream } from '#contracts';
import { type Documents, pagesOf, removeDocument } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { isAccountErased } from '#projections';
import { UploadActors } from './upload-actors.ts';
import { uploadList } from './upload-list.ts';

const pageSize = 100;

/**
 * What follows for uploads when an account is erased. Repeating it, also years later from a list that is being rebuilt,
 * changes nothing: what is deleted stays so.
 */
@Injectable()
export class Departures {
  constructor(
    private readonly actors: UploadActors,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Called for every event once the list tells of it, so that nothing is overlooked: an upload is in the list when its
   * owner goes, or it is met later.
   */
  async react(recorded: Recorded, documents: Documents): Promise<void> {
    const { stream } = recorded;
    if (stream.startsWith(accountStream(''))) {
      if (recorded.type === 'AccountErased') await this.#erase(stream.slice(accountStream('').length), documents);
      return;
    }
    const event = readUploadEvent(recorded);
    // It may have become complete in the moment in which its owner went, or long after.
    if (event.type === 'UploadCompleted' && (await isAccountErased(this.events, event.data.userId))) {
      await this.#delete(stream.slice(uploadStream('').length));
    }
  }

  async #erase(userId: string, documents: Documents): Promise<void> {
    const theirs = { index: 'byUser', equals: [userId], limit: pageSize };
    for await (const page of pagesOf(documents, uploadList, theirs)) {
      await Promise.all(page.map(({ id }) => this.#delete(id)));
    }
    // Also of uploads that were never recorded.
    for await (const page of pagesOf(documents, uploadFiles, theirs)) {
      for (const { id } of page) await removeDocument(documents, uploadFiles, id);
    }
  }

  async #delete(uploadId: string): Promise<void> {
    const at = this.clock.now().toISOString();
    await this.actors.execute({ type: 'DeleteUpload', id: deriveId(uploadId, 'delete'), uploadId, at });
  }
}
