import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { deriveId, type JsonObject, type TaskReport } from '#contracts';
import { crashPoint } from '#crash-points';
import type { Versioned } from '#documents';
import { continueTrace, Log } from '#telemetry';
import { leaseMilliseconds, TaskQueue } from '../queue/task-queue.ts';
import type { TaskRow } from '../queue/task-row.ts';
import { EncoderEngine, EncoderIdentity } from './encoder-engine.ts';
import { Perform, type Result } from './perform.ts';
import { Reports } from './reports.ts';

/** Why a run was ended before its time. */
export class TaskStopped extends Error {
  readonly code = 'task-stopped';
  constructor(readonly why: 'conversion ended' | 'lease lost' | 'shutting down') {
    super(why);
    this.name = 'TaskStopped';
  }
}

/** From a claimed row to its report: works on it, keeps the lease, keeps the result, and reports. */
@Injectable()
export class TaskRun {
  constructor(
    private readonly queue: TaskQueue,
    private readonly work: Perform,
    private readonly reports: Reports,
    private readonly tools: EncoderEngine,
    private readonly identity: EncoderIdentity,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Never throws for what the task is to blame for; aborting `stop` with a {@link TaskStopped} ends it early. */
  async run(claimed: Versioned<TaskRow>, stop: AbortController): Promise<void> {
    const { offer } = claimed.document;
    await continueTrace(offer.traceparent ?? undefined, `encoder ${offer.work.kind}`, async () => {
      crashPoint('encoder.claimed');
      const lease = this.#keepLease(claimed, stop);
      try {
        const report = await this.#attempt(claimed.document, stop.signal);
        const row = await lease.release();
        await this.#finish(row, report);
      } catch (error) {
        const row = await lease.release();
        if (!(stop.signal.aborted && stop.signal.reason instanceof TaskStopped)) throw error;
        this.log.info(
          { taskId: offer.taskId, conversionId: offer.conversionId },
          `task stopped: ${stop.signal.reason.why}`,
        );
        if (stop.signal.reason.why === 'shutting down') await this.queue.handBack(row);
      }
    });
  }

  async #attempt({ offer }: TaskRow, signal: AbortSignal): Promise<TaskReport> {
    const { taskId, conversionId, work } = offer;
    if (work.kind === 'inspect') {
      const data = { taskId, engine: this.tools.description.id };
      await this.reports.send(this.#report(offer, { type: 'RecordTaskStarted', data }));
    }
    const folder = await mkdtemp(join(this.identity.workFolder, `${taskId}-`));
    try {
      const result = await this.work.perform(work, {
        folder,
        signal,
        onProgress: ({ percent, etaSeconds }) => {
          if (percent === null) return;
          this.reports.progress({ conversionId, taskId, kind: work.kind, percent, eta: etaSeconds });
        },
      });
      if ('ok' in result) {
        const { code, detail, retryable } = result;
        return this.#report(offer, {
          type: 'RecordTaskFailed',
          data: { taskId, try: offer.try, code, detail, retryable },
        });
      }
      return this.#report(offer, withTaskId(taskId, result));
    } catch (error) {
      if (signal.aborted) throw error;
      this.log.error({ err: error, taskId, conversionId }, 'a task failed for no fault of its media');
      const data = { taskId, try: offer.try, code: 'internal', detail: '', retryable: true } as const;
      return this.#report(offer, { type: 'RecordTaskFailed', data });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** First into the row, then to the conversion: what is lost on the way is answered from the row. */
  async #finish(row: Versioned<TaskRow>, report: TaskReport): Promise<void> {
    const status = report.type === 'RecordTaskFailed' ? 'failed' : 'finished';
    const kept = await this.queue.end(row, status, report as unknown as JsonObject);
    if (kept === null) {
      this.log.info({ taskId: row.id }, 'the task was stopped or taken over while it was being finished');
      await this.work.discard(report);
      return;
    }
    crashPoint('encoder.result-stored');
    await this.reports.send(report);
  }

  /** Renews the lease three times in its length; a lease that is lost ends the work. */
  #keepLease(claimed: Versioned<TaskRow>, stop: AbortController): { release(): Promise<Versioned<TaskRow>> } {
    let row = claimed;
    const done = new AbortController();
    const renewing = (async () => {
      for (;;) {
        await this.clock.sleep(leaseMilliseconds / 3, done.signal);
        if (done.signal.aborted) return;
        const renewed = await this.queue.renew(row);
        if (renewed === null) return stop.abort(new TaskStopped('lease lost'));
        row = renewed;
      }
    })();
    return {
      release: async () => {
        done.abort();
        await renewing;
        return row;
      },
    };
  }

  #report<T extends Pick<TaskReport, 'type' | 'data'>>(
    { taskId, conversionId, try: attempt }: TaskRow['offer'],
    report: T,
  ): TaskReport {
    const id = deriveId(taskId, report.type, String(attempt));
    return { id, conversionId, at: this.clock.now().toISOString(), ...report } as unknown as TaskReport;
  }
}

function withTaskId(taskId: string, { type, data }: Result): Pick<TaskReport, 'type' | 'data'> {
  return { type, data: { taskId, ...data } } as Pick<TaskReport, 'type' | 'data'>;
}
