import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import {
  deriveId,
  type Json,
  progressMessage,
  type TaskProgress,
  type TaskReport,
  taskReportMessage,
  topics,
} from '#contracts';
import { Bus } from '#messaging';
import { Log } from '#telemetry';

const progressMilliseconds = 500;
const remembered = 1_000;

/** What encoders tell: results to the conversion's inbox, percentages to whoever watches. */
@Injectable()
export class Reports {
  readonly #lastProgress = new Map<string, number>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async send(report: TaskReport): Promise<void> {
    await this.#publish(
      topics.conversionInbox,
      report.conversionId,
      report.id,
      taskReportMessage,
      report as unknown as Json,
    );
  }

  /** At most twice a second for each task; one that is lost is followed by the next. */
  progress(progress: TaskProgress): void {
    const now = this.clock.now().getTime();
    if (now - (this.#lastProgress.get(progress.taskId) ?? 0) < progressMilliseconds) return;
    this.#lastProgress.delete(progress.taskId);
    this.#lastProgress.set(progress.taskId, now);
    const oldest = this.#lastProgress.keys().next();
    if (this.#lastProgress.size > remembered && oldest.done !== true) this.#lastProgress.delete(oldest.value);
    this.#publish(topics.progress, progress.conversionId, randomUUID(), progressMessage, progress).catch(
      (error: unknown) => this.log.warn({ err: error }, 'progress could not be published'),
    );
  }

  /** The same report, for one who asks again. */
  async answer(conversionId: string, report: Json): Promise<void> {
    const id = deriveId(conversionId, 'answer', randomUUID());
    await this.#publish(topics.conversionInbox, conversionId, id, taskReportMessage, report);
  }

  async #publish(topic: string, key: string, id: string, type: string, value: Json): Promise<void> {
    await this.bus.publish([{ topic, key, id, type, value, headers: {} }]);
  }
}
