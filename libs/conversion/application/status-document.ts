import { z } from 'zod';
import {
  FailureCode,
  Id,
  type JsonObject,
  Priority,
  Settings,
  Source,
  type TaskKind,
  type TaskProgress,
} from '#contracts';
import { type ConversionView, failureSentence, type PhaseStatus } from '#projections';

const Phase = z.object({
  status: z.enum(['waiting', 'running', 'completed', 'failed', 'cancelled']),
  percent: z.number().min(0).max(100),
});

/** What a client sees of a conversion. */
export const StatusDocument = z.object({
  id: Id,
  uploadId: Id,
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  phases: z.object({ inspect: Phase, encode: Phase, join: Phase }),
  progress: z.number().min(0).max(100).describe('Percent of the whole'),
  eta: z.number().min(0).nullable().describe('Seconds left, as measured; null while nothing is known'),
  settings: Settings,
  source: Source.nullable(),
  output: z
    .object({
      url: z.string(),
      bytes: z.int().min(0),
      sha256: z.string(),
      durationSeconds: z.number(),
      samples: z.int().describe('Samples per channel that a gapless player plays'),
    })
    .nullable(),
  error: z.object({ type: z.string(), code: FailureCode, detail: z.string() }).nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  priority: Priority,
  attempts: z.int().min(0).describe('Tries of tasks that failed and were, or will be, followed by another'),
  retryOf: Id.nullable(),
  revision: z.int().min(0).describe('Of the last event that this document tells of'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  queueSeconds: z.number().nullable(),
  encodeSeconds: z.number().nullable(),
});
export type StatusDocument = z.infer<typeof StatusDocument>;

/** What of a conversion is shown: whoever has this, from the log or from a list, can tell its status. */
export type Shown = Pick<
  ConversionView,
  | 'id'
  | 'uploadId'
  | 'revision'
  | 'status'
  | 'phase'
  | 'settings'
  | 'priority'
  | 'retryOf'
  | 'source'
  | 'output'
  | 'error'
  | 'failedTries'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
>;

const order: readonly TaskKind[] = ['inspect', 'encode', 'join'];
/** Of the time that a conversion takes, in percent; measured on hour-long videos. */
const weights: Readonly<Record<TaskKind, number>> = { inspect: 4, encode: 95, join: 1 };

export function toStatusDocument(
  view: Shown,
  latest: TaskProgress | null,
  metadata: JsonObject | null,
): StatusDocument {
  const running = view.status === 'running' && latest?.kind === view.phase ? latest : null;
  const phase = (kind: TaskKind) => phaseOf(view, kind, running?.percent ?? 0);
  const phases = { inspect: phase('inspect'), encode: phase('encode'), join: phase('join') };
  const { output, error } = view;
  return {
    ...{ id: view.id, uploadId: view.uploadId, status: view.status, phases },
    progress: Math.round(order.reduce((sum, kind) => sum + (phases[kind].percent * weights[kind]) / 100, 0)),
    eta: running?.eta ?? null,
    ...{ settings: view.settings, source: view.source },
    output: output && {
      url: `/v1/outputs/${view.id}`,
      ...{ bytes: output.blob.bytes, sha256: output.blob.sha256 },
      ...{ durationSeconds: output.durationSeconds, samples: output.samples },
    },
    error: error && { type: `/problems/${error.code}`, code: error.code, detail: failureSentence(error) },
    metadata: metadata as StatusDocument['metadata'],
    ...{ priority: view.priority, attempts: view.failedTries, retryOf: view.retryOf, revision: Number(view.revision) },
    ...{ createdAt: view.createdAt, startedAt: view.startedAt, finishedAt: view.finishedAt },
    queueSeconds: secondsBetween(view.createdAt, view.startedAt),
    encodeSeconds: secondsBetween(view.startedAt, view.finishedAt),
  };
}

function phaseOf(view: Shown, kind: TaskKind, percent: number): { status: PhaseStatus; percent: number } {
  const at = view.phase === 'done' ? order.length : order.indexOf(view.phase);
  const own = order.indexOf(kind);
  if (own < at) return { status: 'completed', percent: 100 };
  if (own > at)
    return { status: view.status === 'running' || view.status === 'queued' ? 'waiting' : 'cancelled', percent: 0 };
  switch (view.status) {
    case 'queued':
      return { status: 'waiting', percent: 0 };
    case 'running':
    case 'completed':
      return { status: 'running', percent };
    case 'failed':
    case 'cancelled':
      return { status: view.status, percent: 0 };
  }
}

function secondsBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1_000;
}
