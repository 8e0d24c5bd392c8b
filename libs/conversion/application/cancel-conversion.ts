import { randomUUID } from 'node:crypto';
import { Clock } from '#clock';
import { EventStore } from '#event-store';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ConversionActors } from './conversion-actors.ts';
import { viewOwned } from './view-owned.ts';

export class CancelConversion {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {}
}

@CommandHandler(CancelConversion)
export class CancelConversionHandler implements ICommandHandler<CancelConversion, void> {
  constructor(
    private readonly actors: ConversionActors,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `not-found` @throws CommandRefused `conversion-finished` */
  async execute({ userId, conversionId }: CancelConversion): Promise<void> {
    await viewOwned(this.events, userId, conversionId);
    await this.actors.execute({
      type: 'CancelConversion',
      id: randomUUID(),
      conversionId,
      at: this.clock.now().toISOString(),
      data: { reason: 'client' },
    });
  }
}
