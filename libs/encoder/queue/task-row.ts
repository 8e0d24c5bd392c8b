import type { JsonObject, OfferTask, Priority } from '#contracts';
import { defineCollection } from '#documents';

/** offered and delayed wait for a slot, claimed is being worked on, finished and failed keep their report. */
export type TaskStatus = 'offered' | 'delayed' | 'claimed' | 'finished' | 'failed';

export type TaskRow = {
  readonly offer: OfferTask;
  readonly conversionId: string;
  readonly userId: string;
  readonly status: TaskStatus;
  /** 0 goes first. */
  readonly rank: number;
  /** Whose turn it is: see {@link nextTurn}. */
  readonly turn: number;
  readonly requestedAt: string;
  /** RFC 3339: when a delayed task may be worked on. */
  readonly notBefore: string | null;
  /** RFC 3339: since when a slot could have it, or will be able to. Rows of earlier versions do not say. */
  readonly waitingSince?: string;
  /** Who works on it, and until when that counts unless it is renewed. */
  readonly owner: string | null;
  readonly leaseUntil: string | null;
  /** What was reported at the end: a task that is offered again is answered with it at once. */
  readonly report: JsonObject | null;
  /** Reports of segments that are encoded, before the last of them. Rows of earlier versions have none. */
  readonly segments?: readonly JsonObject[];
};

export const ranks: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

export const taskRows = defineCollection<TaskRow>({
  name: 'encoder-tasks',
  kind: 'record',
  indexes: {
    claimable: { fields: ['status', 'rank', 'turn', 'requestedAt'] },
    byAge: { fields: ['status', 'requestedAt'] },
    byTurn: { fields: ['status', 'turn'] },
    due: { fields: ['status', 'notBefore'] },
    leases: { fields: ['status', 'leaseUntil'] },
    byOwner: { fields: ['status', 'owner'] },
    byConversion: { fields: ['conversionId'] },
    byUser: { fields: ['userId', 'turn'] },
  },
});
