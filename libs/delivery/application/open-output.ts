import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Blobs } from '#blobs';
import { FindOutput } from './find-output.ts';

/** The bytes of an output: for programs that run the services themselves. */
export class OpenOutput extends Query<AsyncIterable<Uint8Array>> {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {
    super();
  }
}

/** Whole and right, or an error in the middle of it. */
@QueryHandler(OpenOutput)
export class OpenOutputHandler implements IQueryHandler<OpenOutput> {
  constructor(
    private readonly queries: QueryBus,
    private readonly blobs: Blobs,
  ) {}

  /** @throws Problem as for a download */
  async execute({ userId, conversionId }: OpenOutput): Promise<AsyncIterable<Uint8Array>> {
    const { output } = await this.queries.execute(new FindOutput(conversionId, { ownedBy: userId }));
    return this.blobs.open(output.blob);
  }
}
