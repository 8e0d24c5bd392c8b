import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { BlobCorrupt, BlobMissing, Blobs } from '#blobs';
import { Id, type Output, uploadConversions } from '#contracts';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { failureSentence, viewConversion } from '#projections';
import { outputFileName } from './output-file-name.ts';

export interface FoundOutput {
  readonly output: Output;
  readonly fileName: string;
  readonly finishedAt: Date;
}

/** Who may have the output: its owner, or whoever has a link, which was checked before. */
type Reader = { readonly ownedBy: string } | 'whoever has a link';

export class FindOutput extends Query<FoundOutput> {
  constructor(
    readonly conversionId: string,
    readonly reader: Reader,
  ) {
    super();
  }
}

const retryAfterSeconds = 2;

/** The output, whole and checked against its recorded hash, or a problem that says why it cannot be had. */
@QueryHandler(FindOutput)
export class FindOutputHandler implements IQueryHandler<FindOutput> {
  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly blobs: Blobs,
  ) {}

  /** @throws Problem `not-found` | `not-ready` | `expired` | `output-damaged` */
  async execute({ conversionId, reader }: FindOutput): Promise<FoundOutput> {
    const view = Id.safeParse(conversionId).success ? await viewConversion(this.events, conversionId) : null;
    if (view === null) throw await this.#absent(conversionId, reader);
    if (!mayRead(reader, view.userId)) throw new Problem('not-found', 'There is no conversion with this id.');
    if (view.deleted) throw new Problem('expired', 'The conversion was deleted, and its output with it.');
    if (view.error !== null) {
      throw new Problem(
        'not-ready',
        `The conversion failed (${view.error.code}), so there is no output: ${failureSentence(view.error)}`,
      );
    }
    if (view.status === 'cancelled') {
      throw new Problem('not-ready', 'The conversion was cancelled, so there is no output.');
    }
    if (view.output === null || view.finishedAt === null) {
      throw new Problem('not-ready', `The conversion is ${view.status}.`, { retryAfterSeconds });
    }
    await this.#check(view.output);
    const fileName = await outputFileName(this.documents, view.uploadId);
    return { output: view.output, fileName, finishedAt: new Date(view.finishedAt) };
  }

  /** Its upload may have been acknowledged a moment ago, and the relay be on its way. */
  async #absent(conversionId: string, reader: Reader): Promise<Problem> {
    const origin = await this.documents.get(uploadConversions, conversionId);
    return origin !== null && mayRead(reader, origin.document.userId)
      ? new Problem('not-ready', 'The conversion is about to begin.', { retryAfterSeconds })
      : new Problem('not-found', 'There is no conversion with this id.');
  }

  async #check({ blob }: Output): Promise<void> {
    try {
      await this.blobs.verify(blob);
    } catch (error) {
      if (!(error instanceof BlobCorrupt || error instanceof BlobMissing)) throw error;
      throw new Problem('output-damaged', error instanceof BlobMissing ? 'The stored file is gone.' : undefined, {
        cause: error,
      });
    }
  }
}

function mayRead(reader: Reader, userId: string): boolean {
  return reader === 'whoever has a link' || reader.ownedBy === userId;
}
