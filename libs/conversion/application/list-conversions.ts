import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { PageOptions, Versioned } from '#documents';
import type { Paged } from '#http';
import { ReadModels, type StatusDocument, StatusDocuments } from '#projections';
import { type ConversionRow, conversionList } from './conversion-list.ts';
import { conversionListModel } from './conversion-list-model.ts';

export interface ConversionListing {
  readonly userId: string;
  readonly status: StatusDocument['status'] | undefined;
  readonly uploadId: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export class ListConversions extends Query<Paged<StatusDocument>> {
  constructor(readonly listing: ConversionListing) {
    super();
  }
}

/** Newest first. Each page costs the same, however many conversions there are: it walks along an index. */
@QueryHandler(ListConversions)
export class ListConversionsHandler implements IQueryHandler<ListConversions> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly documents: StatusDocuments,
  ) {}

  async execute({ listing }: ListConversions): Promise<Paged<StatusDocument>> {
    const { limit, cursor } = listing;
    const list = await this.readModels.of(conversionListModel);
    const page = await list.page(conversionList, {
      ...{ ...listOf(listing), order: 'descending', limit },
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: await Promise.all(page.items.map((row) => this.#describe(row))), next: page.next };
  }

  #describe({ id, document: row }: Versioned<ConversionRow>): Promise<StatusDocument> {
    return this.documents.of({ ...row, id, revision: BigInt(row.revision) });
  }
}

/** The index that begins with all that was asked for. */
function listOf({ userId, status, uploadId }: ConversionListing): Pick<PageOptions, 'index' | 'equals'> {
  if (uploadId === undefined) {
    return status === undefined
      ? { index: 'byUser', equals: [userId] }
      : { index: 'byUserAndStatus', equals: [userId, status] };
  }
  return status === undefined
    ? { index: 'byUserAndUpload', equals: [userId, uploadId] }
    : { index: 'byUserUploadAndStatus', equals: [userId, uploadId, status] };
}
