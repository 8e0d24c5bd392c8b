import type { INestApplicationContext } from '@nestjs/common';
import { Blobs } from '#blobs';
import { Clock } from '#clock';
import { EventStore } from '#event-store';
import { ReadModels } from '#projections';
import { type Rebuilt, rebuild } from './rebuild.ts';
import { subjects } from './subjects.ts';
import type { Verified } from './verification.ts';
import { verify } from './verify.ts';

export const tasks = ['verify', 'rebuild'] as const;
export type MaintenanceTask = (typeof tasks)[number];

/** What a task tells on its way. */
export type Told = Verified | Rebuilt;

/** While the service runs, a document counts as wrong when it has been for so long. */
const patienceMilliseconds = 10_000;

/** What whoever runs the service does with what it keeps: beside the running services, or alone with the stores. */
export class Maintenance {
  /**
   * @param app where the ports are
   * @param isAlone no service runs on these stores
   */
  constructor(
    private readonly app: INestApplicationContext,
    private readonly isAlone: boolean,
  ) {}

  async *run(task: MaintenanceTask, signal: AbortSignal): AsyncGenerator<Told, void, void> {
    const [events, blobs, readModels, clock] = [EventStore, Blobs, ReadModels, Clock].map((port) =>
      this.app.get(port, { strict: false }),
    ) as [EventStore, Blobs, ReadModels, Clock];
    // What was appended before the stores were closed the last time may not have been folded yet.
    if (this.isAlone) for (const model of subjects.readModels) await readModels.bringUpToDate(model);
    switch (task) {
      case 'verify':
        return yield* verify({ events, blobs, readModels, clock }, subjects, {
          patienceMilliseconds: this.isAlone ? 0 : patienceMilliseconds,
          signal,
        });
      case 'rebuild':
        return yield* rebuild(readModels, subjects, this.isAlone);
    }
  }
}
