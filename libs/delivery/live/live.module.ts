import { Module, type OnModuleDestroy } from '@nestjs/common';
import { LatestProgress, StatusDocuments } from '#projections';
import { CallerCheck } from './caller-check.ts';
import { CatchUp } from './catch-up.ts';
import { CursorNotices } from './cursor-notices.ts';
import { Cursors } from './cursors.ts';
import { intervals } from './limits.ts';
import { LiveController } from './live.controller.ts';
import { LiveConnections } from './live-connections.ts';
import { LiveConversions } from './live-conversions.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveMetrics } from './live-metrics.ts';
import { LiveProgress } from './live-progress.ts';
import { LiveServer } from './live-server.ts';
import { LiveTimers } from './live-timers.ts';
import { Watchers } from './watchers.ts';
import { Wishes } from './wishes.ts';

/** `/v1/live`: tells clients of their conversions as they go on. */
@Module({
  controllers: [LiveController],
  providers: [
    ...[CallerCheck, CatchUp, CursorNotices, Cursors, LatestProgress, LiveConnections, LiveConversions],
    ...[LiveFeed, LiveMetrics, LiveProgress, LiveServer, LiveTimers, StatusDocuments, Watchers, Wishes],
  ],
})
export class LiveModule implements OnModuleDestroy {
  constructor(
    private readonly server: LiveServer,
    timers: LiveTimers,
    connections: LiveConnections,
    progress: LiveProgress,
    callers: CallerCheck,
    cursors: CursorNotices,
  ) {
    timers.every(intervals.tick, 'looking after live connections', () => {
      for (const connection of connections) connection.tick();
    });
    timers.every(intervals.progress / 2, 'telling progress', () => progress.tick());
    timers.every(intervals.callers, 'asking who is still a user', () => callers.check());
    timers.every(intervals.cursor, 'telling cursors', () => cursors.tell());
  }

  /** Nest closes HTTP after this, and would wait for connections that are open. */
  onModuleDestroy(): void {
    this.server.close();
  }
}
