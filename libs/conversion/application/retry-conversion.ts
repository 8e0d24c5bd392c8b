import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Documents } from '#documents';
import { assertCanBeRetried } from '../domain/decide.ts';
import { AcceptConversion } from './accept-conversion.ts';
import { OwnedConversions } from './owned-conversions.ts';
import { metadataOf } from './private-fields.ts';

export class RetryConversion extends Command<string> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
    readonly idempotencyKey: string | null,
  ) {
    super();
  }
}

/**
 * The same order once more, as a conversion of its own. As everywhere, who sends no Idempotency-Key and asks twice
 * gets two.
 */
@CommandHandler(RetryConversion)
export class RetryConversionHandler implements ICommandHandler<RetryConversion> {
  constructor(
    private readonly owned: OwnedConversions,
    private readonly documents: Documents,
    private readonly accept: AcceptConversion,
  ) {}

  /** @throws Problem `not-found` | `expired` @throws CommandRefused `conversion-not-failed` | `idempotency-key-reused` */
  async execute({ userId, conversionId, idempotencyKey }: RetryConversion): Promise<string> {
    const view = await this.owned.view(userId, conversionId);
    assertCanBeRetried(view.status);
    const { uploadId, settings, priority } = view;
    const metadata = await metadataOf(this.documents, view);
    return this.accept.accept({ userId, uploadId, settings, priority, metadata, idempotencyKey, retryOf: view.id });
  }
}
