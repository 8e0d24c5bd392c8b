import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '#clock';
import { ConversionActors } from './conversion-actors.ts';
import { OwnedConversions } from './owned-conversions.ts';

export class CancelConversion extends Command<void> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {
    super();
  }
}

@CommandHandler(CancelConversion)
export class CancelConversionHandler implements ICommandHandler<CancelConversion> {
  constructor(
    private readonly actors: ConversionActors,
    private readonly owned: OwnedConversions,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `not-found` @throws CommandRefused `conversion-finished` */
  async execute({ userId, conversionId }: CancelConversion): Promise<void> {
    await this.owned.view(userId, conversionId);
    await this.actors.execute({
      type: 'CancelConversion',
      id: randomUUID(),
      conversionId,
      at: this.clock.now().toISOString(),
      data: { reason: 'client' },
    });
  }
}
