import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import type { TaskProgress } from '#contracts';
import { LatestProgress } from '#projections';
import { Log } from '#telemetry';
import { intervals } from './limits.ts';
import { LiveConversions } from './live-conversions.ts';
import { Watchers } from './watchers.ts';

/** Tells percentages to whoever watches: of each conversion at most twice a second, and then the latest. */
@Injectable()
export class LiveProgress {
  /** When each was last told; what is older than the interval is dropped by the tick. */
  readonly #toldAt = new Map<string, number>();
  readonly #held = new Set<string>();

  constructor(
    private readonly watchers: Watchers,
    private readonly conversions: LiveConversions,
    private readonly clock: Clock,
    private readonly log: Log,
    latest: LatestProgress,
  ) {
    latest.listen((progress) => this.heard(progress));
  }

  heard({ conversionId: id }: TaskProgress): void {
    if (!this.watchers.mayWatch(id)) return;
    if (this.#toldAt.has(id)) this.#held.add(id);
    else this.#begin(id);
  }

  /** Now and then, more often than once in the interval: what was held back goes out. */
  tick(): void {
    const due = this.clock.now().getTime() - intervals.progress;
    for (const [id, at] of this.#toldAt) {
      if (at > due) continue;
      this.#toldAt.delete(id);
      if (this.#held.delete(id)) this.#begin(id);
    }
  }

  #begin(id: string): void {
    this.#toldAt.set(id, this.clock.now().getTime());
    this.#tell(id).catch((error: unknown) => this.log.warn({ err: error, conversionId: id }, 'progress was not told'));
  }

  async #tell(id: string): Promise<void> {
    const told = this.conversions.current(id) ?? (await this.conversions.load(id));
    if (told === null) return;
    const watchers = this.watchers.of(id, told.view.userId);
    if (watchers.size === 0 || this.conversions.progressed(told) === null) return;
    for (const socket of watchers) socket.progressed(id);
  }
}
