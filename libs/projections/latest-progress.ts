import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TaskProgress, topics } from '#contracts';
import { Bus, type Subscription } from '#messaging';

const remembered = 10_000;

/** The last percentage heard of each running conversion: telemetry, laid over the status when it is read. */
@Injectable()
export class LatestProgress implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #latest = new Map<string, TaskProgress>();
  readonly #listeners = new Set<(progress: TaskProgress) => void>();
  #subscription: Subscription | null = null;

  constructor(private readonly bus: Bus) {}

  async onApplicationBootstrap(): Promise<void> {
    // A group of its own: every instance hears everything.
    const group = `progress-${randomUUID()}`;
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

  /** Told of every percentage as it is heard. @returns how to end it */
  listen(listener: (progress: TaskProgress) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #remember(progress: TaskProgress): void {
    this.#latest.delete(progress.conversionId);
    this.#latest.set(progress.conversionId, progress);
    for (const oldest of this.#latest.keys()) {
      if (this.#latest.size <= remembered) break;
      this.#latest.delete(oldest);
    }
    for (const listener of this.#listeners) listener(progress);
  }
}
