import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FindOutput } from './find-output.ts';
import { OutputLinks } from './output-links.ts';

export interface CreatedLink {
  readonly conversionId: string;
  readonly signature: string;
  readonly expiresAt: Date;
}

export class CreateLink extends Command<CreatedLink> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
    /** Seconds. */
    readonly expiresIn: number,
  ) {
    super();
  }
}

/** A link to what its owner could download at this moment. It dies with the output, or when its time is over. */
@CommandHandler(CreateLink)
export class CreateLinkHandler implements ICommandHandler<CreateLink> {
  constructor(
    private readonly queries: QueryBus,
    private readonly links: OutputLinks,
  ) {}

  /** @throws Problem `not-found` | `not-ready` | `expired` | `output-damaged` */
  async execute({ userId, conversionId, expiresIn }: CreateLink): Promise<CreatedLink> {
    await this.queries.execute(new FindOutput(conversionId, { ownedBy: userId }));
    return { conversionId, ...this.links.sign(conversionId, expiresIn) };
  }
}
