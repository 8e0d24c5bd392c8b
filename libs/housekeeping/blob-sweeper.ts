import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Blobs } from '#blobs';
import { Clock, Recurring } from '#clock';
import { EventStore } from '#event-store';
import { neededBlobs, ReadModels } from '#projections';
import { Log } from '#telemetry';
import { blobOwners, blobOwnersModel } from './blob-owners.ts';

const hour = 3_600_000;
/** What is younger may belong to an event that is still on its way. */
const graceMilliseconds = 24 * hour;

/**
 * Removes blobs that no stream needs: what a crash between storing the bytes and recording them left behind. It
 * begins an hour after the start, when whatever lay finished in a task row has long been reported.
 */
@Injectable()
export class BlobSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #recurring: Recurring;

  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly blobs: Blobs,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.#recurring = new Recurring(
      clock,
      async () => {
        const removed = await this.sweep();
        if (removed > 0) log.info({ removed }, 'removed blobs that nothing refers to');
      },
      (error) => log.error({ err: error }, 'the sweep of blobs failed and will be repeated'),
    );
  }

  onApplicationBootstrap(): void {
    this.readModels.start(blobOwnersModel);
    this.#recurring.start({ everyMilliseconds: hour, firstAfterMilliseconds: hour });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#recurring.stop();
  }

  /** @returns how many blobs were removed */
  async sweep(): Promise<number> {
    await this.readModels.caughtUp(blobOwnersModel);
    const owners = await this.readModels.of(blobOwnersModel);
    let removed = 0;
    for await (const { key } of this.blobs.list(new Date(this.clock.now().getTime() - graceMilliseconds))) {
      if (this.#stop.signal.aborted) break;
      const owner = await owners.get(blobOwners, key);
      if (owner !== null && (await this.#isNeeded(owner.document.stream, key))) continue;
      await this.blobs.remove(key);
      removed += 1;
    }
    return removed;
  }

  async #isNeeded(stream: string, key: string): Promise<boolean> {
    return (await neededBlobs(this.events, stream)).some((blob) => blob.key === key);
  }
}
