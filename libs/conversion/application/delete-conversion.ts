import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '#clock';
import { deriveId } from '#contracts';
import { ConversionActors } from './conversion-actors.ts';
import { OwnedConversions } from './owned-conversions.ts';

export class DeleteConversion extends Command<void> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {
    super();
  }
}

/** Resolved means that it is gone for good; its bytes and private fields follow from the event. */
@CommandHandler(DeleteConversion)
export class DeleteConversionHandler implements ICommandHandler<DeleteConversion> {
  constructor(
    private readonly actors: ConversionActors,
    private readonly owned: OwnedConversions,
    private readonly clock: Clock,
  ) {}

  /** Deleting what the same user has deleted already succeeds. @throws Problem `not-found` */
  async execute({ userId, conversionId }: DeleteConversion): Promise<void> {
    if ((await this.owned.find(userId, conversionId)).deleted) return;
    await this.actors.execute({
      type: 'DeleteConversion',
      id: deriveId(conversionId, 'delete'),
      ...{ conversionId, at: this.clock.now().toISOString(), data: { reason: 'client' } },
    });
  }
}
