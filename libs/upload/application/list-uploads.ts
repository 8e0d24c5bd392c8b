import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { uploadFiles } from '#contracts';
import { Documents, type Versioned } from '#documents';
import type { Paged } from '#http';
import { toUploadDocument, type UploadDocument } from './upload-document.ts';
import { type UploadRow, uploadList } from './upload-list.ts';

export class ListUploads extends Query<Paged<UploadDocument>> {
  constructor(
    readonly userId: string,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** Newest first. Each page costs the same, however many uploads there are: it walks along an index. */
@QueryHandler(ListUploads)
export class ListUploadsHandler implements IQueryHandler<ListUploads> {
  constructor(private readonly documents: Documents) {}

  async execute({ userId, limit, cursor }: ListUploads): Promise<Paged<UploadDocument>> {
    const page = await this.documents.page(uploadList, {
      ...{ index: 'byUser', equals: [userId], order: 'descending', limit },
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: await Promise.all(page.items.map((row) => this.#describe(row))), next: page.next };
  }

  async #describe({ id, document }: Versioned<UploadRow>): Promise<UploadDocument> {
    const file = await this.documents.get(uploadFiles, id);
    return toUploadDocument(id, document, file?.document.fileName ?? null);
  }
}
