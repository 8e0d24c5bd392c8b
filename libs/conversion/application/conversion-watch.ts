import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { conversionStream } from '#contracts';
import { LatestProgress, type StatusDocument, StreamFollower } from '#projections';
import { GetConversion } from './get-conversion.ts';

/** Conversions as they go on: for programs that run the services themselves. */
@Injectable()
export class ConversionWatch {
  constructor(
    private readonly queries: QueryBus,
    private readonly follower: StreamFollower,
    private readonly progress: LatestProgress,
  ) {}

  /** Its status now, and again whenever an event or an encoder's progress has changed it, until it has ended. */
  async *watch(userId: string, conversionId: string, signal: AbortSignal): AsyncGenerator<StatusDocument, void, void> {
    const over = new AbortController();
    let changed = Promise.withResolvers<void>();
    const wake = () => changed.resolve();
    const stopListening = this.progress.listen((progress) => {
      if (progress.conversionId === conversionId) wake();
    });
    const following = (async () => {
      const either = AbortSignal.any([signal, over.signal]);
      for await (const _ of this.follower.follow(conversionStream(conversionId), 0n, either)) wake();
      wake();
    })();
    try {
      for (;;) {
        signal.throwIfAborted();
        // What comes while it is read counts as well.
        changed = Promise.withResolvers();
        const status: StatusDocument = await this.queries.execute(new GetConversion(userId, conversionId));
        yield status;
        if (status.finishedAt !== null) return;
        await changed.promise;
      }
    } finally {
      stopListening();
      over.abort();
      await following;
    }
  }
}
