import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TaskProgress, topics } from '#contracts';
import { Bus, type Subscription } from '#messaging';

const remembered = 10_000;

/** The last percentage heard of each running conversion: telemetry, laid over the status when it is read. */
@Injectable()
export class LatestProgress implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #latest = new Map<string, TaskProgress>();
  readonly #watchers = new Set<(progress: TaskProgress) => void>();
  #subscription: Subscription | null = null;

  constructor(private readonly bus: Bus) {}

  async onApplicationBootstrap(): Promise<void> {
    // A group of its own: every instance hears everything.
    const group = `conversion-progress-${randomUUID()}`;
    this.#subscription = await this.bus.subscribe(
      { topics: [topics.progress], group, from: 'end', concurrency: 1 },
      async ({ value }) => this.#remember(TaskProgress.parse(value)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#subscription?.close(0);
  }

  of(conversionId: string): TaskProgress | null {
    return this.#latest.get(conversionId) ?? null;
  }

  /** @returns how to end it */
  watch(conversionId: string, onProgress: () => void): () => void {
    const watcher = ({ conversionId: id }: TaskProgress) => {
      if (id === conversionId) onProgress();
    };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #remember(progress: TaskProgress): void {
    this.#latest.delete(progress.conversionId);
    this.#latest.set(progress.conversionId, progress);
    for (const tell of this.#watchers) tell(progress);
    for (const oldest of this.#latest.keys()) {
      if (this.#latest.size <= remembered) break;
      this.#latest.delete(oldest);
    }
  }
}
