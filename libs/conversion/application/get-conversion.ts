import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type StatusDocument, StatusDocuments } from '#projections';
import { OwnedConversions } from './owned-conversions.ts';

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
    private readonly documents: StatusDocuments,
  ) {}

  async execute({ userId, conversionId }: GetConversion): Promise<StatusDocument> {
    return this.documents.of(await this.owned.view(userId, conversionId));
  }
}
