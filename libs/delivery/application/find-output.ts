import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { BlobCorrupt, BlobMissing, Blobs } from '#blobs';
import { Id, type Output, uploadConversions } from '#contracts';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { failureSentence, viewConversion } from '#projections';
import { spanIsAbout } from '#telemetry';
import { outputFileName } from './output-file-name.ts';

export class FindOutput {
  constructor(
    readonly userId: string,
    readonly conversionId: string,
  ) {}
}

export interface FoundOutput {
  readonly output: Output;
  readonly fileName: string;
  readonly finishedAt: Date;
}

const retryAfterSeconds = 2;

/** The output, whole and checked against its recorded hash, or a problem that says why it cannot be had. */
@QueryHandler(FindOutput)
export class FindOutputHandler implements IQueryHandler<FindOutput, FoundOutput> {
  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly blobs: Blobs,
  ) {}

  async execute({ userId, conversionId }: FindOutput): Promise<FoundOutput> {
    const view = Id.safeParse(conversionId).success ? await viewConversion(this.events, conversionId) : null;
    if (view === null) throw await this.#absent(userId, conversionId);
    if (view.userId !== userId) throw new Problem('not-found', 'There is no conversion with this id.');
    spanIsAbout(conversionId, view.traceparent);
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
  async #absent(userId: string, conversionId: string): Promise<Problem> {
    const origin = await this.documents.get(uploadConversions, conversionId);
    return origin?.document.userId === userId
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
