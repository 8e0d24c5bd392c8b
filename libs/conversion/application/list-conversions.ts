import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Documents, type PageOptions, type Versioned } from '#documents';
import type { Paged } from '#http';
import { type ConversionRow, conversionList } from './conversion-list.ts';
import { LatestProgress } from './latest-progress.ts';
import { metadataOf } from './private-fields.ts';
import { type StatusDocument, toStatusDocument } from './status-document.ts';

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
    private readonly documents: Documents,
    private readonly progress: LatestProgress,
  ) {}

  async execute({ listing }: ListConversions): Promise<Paged<StatusDocument>> {
    const { limit, cursor } = listing;
    const page = await this.documents.page(conversionList, {
      ...{ ...listOf(listing), order: 'descending', limit },
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: await Promise.all(page.items.map((row) => this.#describe(row))), next: page.next };
  }

  async #describe({ id, document: row }: Versioned<ConversionRow>): Promise<StatusDocument> {
    const view = { ...row, id, revision: BigInt(row.revision) };
    return toStatusDocument(view, this.progress.of(id), await metadataOf(this.documents, view));
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
