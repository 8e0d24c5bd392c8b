import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ConversionEvent, conversionStream, readConversionEvent } from '#contracts';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { OwnedConversions } from './owned-conversions.ts';
import { type Proof, proofOf } from './proof.ts';

export class GetProof extends Query<Proof> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {
    super();
  }
}

const retryAfterSeconds = 2;

@QueryHandler(GetProof)
export class GetProofHandler implements IQueryHandler<GetProof> {
  constructor(
    private readonly owned: OwnedConversions,
    private readonly events: EventStore,
  ) {}

  /** @throws Problem `not-found` | `not-ready` */
  async execute({ userId, conversionId }: GetProof): Promise<Proof> {
    const { status } = await this.owned.view(userId, conversionId);
    if (status === 'failed' || status === 'cancelled') {
      throw new Problem('not-ready', `The conversion is ${status}, so there is no output to prove anything of.`);
    }
    const history: ConversionEvent[] = [];
    for await (const recorded of this.events.read(conversionStream(conversionId))) {
      history.push(readConversionEvent(recorded));
    }
    const proof = proofOf(conversionId, history);
    if (proof === null) throw new Problem('not-ready', 'The conversion has not completed.', { retryAfterSeconds });
    return proof;
  }
}
