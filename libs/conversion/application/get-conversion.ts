import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Documents } from '#documents';
import { LatestProgress } from './latest-progress.ts';
import { OwnedConversions } from './owned-conversions.ts';
import { privateFields, privateFieldsId } from './private-fields.ts';
import { type StatusDocument, toStatusDocument } from './status-document.ts';

export class GetConversion {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {}
}

/** Read from the log itself, so that what was accepted can be read at once. */
@QueryHandler(GetConversion)
export class GetConversionHandler implements IQueryHandler<GetConversion, StatusDocument> {
  constructor(
    private readonly owned: OwnedConversions,
    private readonly documents: Documents,
    private readonly progress: LatestProgress,
  ) {}

  async execute({ userId, conversionId }: GetConversion): Promise<StatusDocument> {
    const view = await this.owned.view(userId, conversionId);
    const stored = await this.documents.get(privateFields, privateFieldsId(conversionId, view.requestHash));
    return toStatusDocument(view, this.progress.of(conversionId), stored?.document.metadata ?? null);
  }
}
