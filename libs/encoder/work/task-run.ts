import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { deriveId, type JsonObject, type TaskReport, type TaskWork } from '#contracts';
import { crashPoint } from '#crash-points';
import type { Versioned } from '#documents';
import { continueTrace, describeSpan, failSpan, failSpanWith, Log, recordSpan } from '#telemetry';
import { leaseMilliseconds, TaskQueue } from '../queue/task-queue.ts';
import type { TaskRow } from '../queue/task-row.ts';
import { describeOffer, describeReport } from './describe-task.ts';
import { EncoderEngine, EncoderIdentity } from './encoder-engine.ts';
import { Perform, type Result, type SegmentResult } from './perform.ts';
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
    const { conversionId } = offer;
    const traceparent = offer.traceparent ?? undefined;
    const attributes = describeOffer(offer, this.tools.description.id);
    const from = new Date(claimed.document.waitingSince ?? offer.requestedAt);
    recordSpan(traceparent, 'wait for encoder', { from, to: this.clock.now(), conversionId, attributes });
    const work = async () => {
      crashPoint('encoder.claimed');
      const lease = this.#keepLease(claimed, stop);
      try {
        const report = await this.#attempt(claimed.document, stop.signal, lease);
        describeSpan(describeReport(report));
        if (report.type === 'RecordTaskFailed') failSpan(report.data);
        const row = await lease.release();
        await this.#finish(row, report);
      } catch (error) {
        const row = await lease.release();
        if (!(stop.signal.aborted && stop.signal.reason instanceof TaskStopped)) throw error;
        const { code, why } = stop.signal.reason;
        this.log.info({ taskId: offer.taskId, conversionId }, `task stopped: ${why}`);
        failSpan({ code, detail: why });
        if (why === 'shutting down') await this.queue.handBack(row);
      }
    };
    await continueTrace(traceparent, offer.work.kind, work, { conversionId, attributes });
  }

  async #attempt({ offer, segments = [] }: TaskRow, signal: AbortSignal, lease: Lease): Promise<TaskReport> {
    const { taskId, conversionId } = offer;
    const known = segments as unknown as readonly SegmentReport[];
    const work = withoutKnown(offer.work, known);
    const last = known.at(-1);
    // All its segments were encoded before a crash: the last one's report ends it.
    if (last !== undefined && work.kind === 'encode' && work.encoded.length === work.range.count) return last;
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
        onSegment: (result) => this.#keepSegment(offer, result, lease),
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
      failSpanWith(error);
      const data = { taskId, try: offer.try, code: 'internal', detail: '', retryable: true } as const;
      return this.#report(offer, { type: 'RecordTaskFailed', data });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Of one segment of several: as {@link #finish}, and the task goes on. */
  async #keepSegment(offer: TaskRow['offer'], result: SegmentResult, lease: Lease): Promise<void> {
    const report = this.#report(offer, withTaskId(offer.taskId, result));
    const isKept = await lease.change((row) => this.queue.keepSegment(row, report as unknown as JsonObject));
    if (!isKept) return this.work.discard(report);
    crashPoint('encoder.segment-stored');
    await this.reports.send(report);
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
  #keepLease(claimed: Versioned<TaskRow>, stop: AbortController): Lease {
    let row = claimed;
    const done = new AbortController();
    // One after the other: each change needs the version that the one before has led to.
    let changing: Promise<unknown> = Promise.resolve();
    const change: Lease['change'] = (apply) => {
      const changed = changing.then(async () => {
        if (stop.signal.aborted) return false;
        const next = await apply(row);
        if (next === null) stop.abort(new TaskStopped('lease lost'));
        else row = next;
        return next !== null;
      });
      changing = changed.catch(() => undefined);
      return changed;
    };
    const renewing = (async () => {
      for (;;) {
        await this.clock.sleep(leaseMilliseconds / 3, done.signal);
        if (done.signal.aborted) return;
        if (!(await change((current) => this.queue.renew(current)))) return;
      }
    })();
    return {
      change,
      release: async () => {
        done.abort();
        await renewing;
        await changing;
        return row;
      },
    };
  }

  #report<T extends Pick<TaskReport, 'type' | 'data'>>(
    { taskId, conversionId, try: attempt }: TaskRow['offer'],
    report: T,
  ): TaskReport {
    const part = report.type === 'RecordSegment' && 'index' in report.data ? [String(report.data.index)] : [];
    const id = deriveId(taskId, report.type, String(attempt), ...part);
    return { id, conversionId, at: this.clock.now().toISOString(), ...report } as unknown as TaskReport;
  }
}

type SegmentReport = Extract<TaskReport, { type: 'RecordSegment' }>;

/** A claim that is kept up. */
interface Lease {
  /** @returns false when it is lost, or the work was stopped */
  change(apply: (row: Versioned<TaskRow>) => Promise<Versioned<TaskRow> | null>): Promise<boolean>;
  release(): Promise<Versioned<TaskRow>>;
}

/** Only what is missing is encoded, whether the conversion has heard of the rest or not. */
function withoutKnown(work: TaskWork, known: readonly SegmentReport[]): TaskWork {
  if (work.kind !== 'encode') return work;
  return { ...work, encoded: [...new Set([...work.encoded, ...known.map(({ data }) => data.index)])] };
}

function withTaskId(taskId: string, { type, data }: Result): Pick<TaskReport, 'type' | 'data'> {
  return { type, data: { taskId, ...data } } as Pick<TaskReport, 'type' | 'data'>;
}
