import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Documents } from '#documents';
import { LatestProgress } from './latest-progress.ts';
import { OwnedConversions } from './owned-conversions.ts';
import { metadataOf } from './private-fields.ts';
import { type StatusDocument, toStatusDocument } from './status-document.ts';

export class GetConversion extends Query<StatusDocument> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {
    super();
  }
}

/** Read from the log itself, so that what was accepted can be read at once. */
@QueryHandler(GetConversion)
export class GetConversionHandler implements IQueryHandler<GetConversion> {
  constructor(
    private readonly owned: OwnedConversions,
    private readonly documents: Documents,
    private readonly progress: LatestProgress,
  ) {}

  async execute({ userId, conversionId }: GetConversion): Promise<StatusDocument> {
    const view = await this.owned.view(userId, conversionId);
    return toStatusDocument(view, this.progress.of(conversionId), await metadataOf(this.documents, view));
  }
}
