import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import type { JsonObject, OfferTask } from '#contracts';
import { Documents, Stale, Taken, type Versioned } from '#documents';
import { ranks, type TaskRow, taskRows } from './task-row.ts';
import { nextTurn } from './turn.ts';

/** How long a claim counts without being renewed, in milliseconds. */
export const leaseMilliseconds = 15_000;
const candidates = 16;
const pageSize = 100;

/** What an offer led to: a row that waits or is worked on, or the report of one that has ended. */
export type Offered = { readonly kind: 'queued' } | { readonly kind: 'ended'; readonly reports: readonly JsonObject[] };

/** Tasks as records; who works on what is settled by compare-and-set on the row. */
@Injectable()
export class TaskQueue {
  constructor(
    private readonly documents: Documents,
    private readonly clock: Clock,
  ) {}

  /** Offering again is harmless: only a try that is newer than the one that failed makes the task wait anew. */
  async offer(offer: OfferTask): Promise<Offered> {
    for (;;) {
      const row = await this.documents.get(taskRows, offer.taskId);
      try {
        if (row === null) {
          await this.documents.insert(taskRows, offer.taskId, await this.#newRow(offer));
          return { kind: 'queued' };
        }
        const { status, report, offer: before } = row.document;
        const isRetry = status === 'failed' && offer.try > before.try;
        const segments = row.document.segments ?? [];
        if (report !== null && !isRetry) return { kind: 'ended', reports: [...segments, report] };
        // What an earlier try encoded is not encoded again.
        if (isRetry) {
          await this.documents.replace(taskRows, row.id, row.version, { ...(await this.#newRow(offer)), segments });
        }
        return { kind: 'queued' };
      } catch (error) {
        if (!(error instanceof Taken || error instanceof Stale)) throw error;
      }
    }
  }

  /** The best waiting task, now this owner's; null when there is none. */
  async claim(owner: string): Promise<Versioned<TaskRow> | null> {
    await this.#promoteDue();
    for (;;) {
      const page = await this.documents.page(taskRows, { index: 'claimable', equals: ['offered'], limit: candidates });
      if (page.items.length === 0) return null;
      for (const row of page.items) {
        const claimed = await this.#replace(row, { status: 'claimed', owner, leaseUntil: this.#leaseEnd() });
        if (claimed !== null) return claimed;
      }
      // All of these went to others in the meantime: look at the next ones.
    }
  }

  /** Renews the lease. Null: the task was stopped, or is somebody else's by now; whoever works on it must stop. */
  renew(row: Versioned<TaskRow>): Promise<Versioned<TaskRow> | null> {
    return this.#replace(row, { leaseUntil: this.#leaseEnd() });
  }

  /** Keeps a segment's report besides the lease. Null as in {@link renew}. */
  keepSegment(row: Versioned<TaskRow>, report: JsonObject): Promise<Versioned<TaskRow> | null> {
    const segments = [...(row.document.segments ?? []), report];
    return this.#replace(row, { segments, leaseUntil: this.#leaseEnd() });
  }

  /** Keeps the report, so that an offer that is repeated is answered with it. Null as in {@link renew}. */
  end(row: Versioned<TaskRow>, status: 'finished' | 'failed', report: JsonObject): Promise<Versioned<TaskRow> | null> {
    return this.#replace(row, { status, report, owner: null, leaseUntil: null });
  }

  /** Lets another slot have it. */
  handBack(row: Versioned<TaskRow>): Promise<Versioned<TaskRow> | null> {
    const waitingSince = this.clock.now().toISOString();
    return this.#replace(row, { status: 'offered', owner: null, leaseUntil: null, waitingSince });
  }

  /** The conversion has ended: nothing of it is to be done any more. */
  async stop(conversionId: string): Promise<void> {
    for (const row of await this.#all('byConversion', [conversionId])) await this.#remove(row.id);
  }

  /** What an earlier process of the same name had in hand when it died waits again, at once. */
  async takeBack(owner: string): Promise<void> {
    for (const row of await this.#all('byOwner', ['claimed', owner])) await this.handBack(row);
  }

  /** What was claimed by somebody who has not renewed the lease waits again. */
  async releaseExpired(): Promise<void> {
    const to = this.clock.now().toISOString();
    const expired = await this.documents.page(taskRows, { index: 'leases', equals: ['claimed'], to, limit: pageSize });
    for (const row of expired.items) await this.handBack(row);
  }

  /** How many wait, counted up to `limit`, and since when the oldest does. */
  async depth(limit: number): Promise<{ readonly waiting: number; readonly oldest: string | null }> {
    const equals = ['offered'];
    const waiting = await this.documents.count(taskRows, { index: 'byAge', equals, limit });
    const oldest = await this.documents.page(taskRows, { index: 'byAge', equals, limit: 1 });
    return { waiting, oldest: oldest.items[0]?.document.requestedAt ?? null };
  }

  async #newRow(offer: OfferTask): Promise<TaskRow> {
    const { conversionId, userId, priority, requestedAt, notBefore } = offer;
    const now = this.clock.now();
    const isDelayed = notBefore !== null && Date.parse(notBefore) > now.getTime();
    return {
      ...{ offer, conversionId, userId, requestedAt, notBefore },
      status: isDelayed ? 'delayed' : 'offered',
      waitingSince: isDelayed ? notBefore : now.toISOString(),
      rank: ranks[priority],
      turn: await nextTurn(this.documents, userId, conversionId),
      ...{ owner: null, leaseUntil: null, report: null },
    };
  }

  async #promoteDue(): Promise<void> {
    const to = new Date(this.clock.now().getTime() + 1).toISOString();
    const due = await this.documents.page(taskRows, { index: 'due', equals: ['delayed'], to, limit: candidates });
    for (const row of due.items) await this.#replace(row, { status: 'offered' });
  }

  async #replace(row: Versioned<TaskRow>, change: Partial<TaskRow>): Promise<Versioned<TaskRow> | null> {
    const document: TaskRow = { ...row.document, ...change };
    try {
      await this.documents.replace(taskRows, row.id, row.version, document);
    } catch (error) {
      if (error instanceof Stale) return null;
      throw error;
    }
    return { id: row.id, document, version: row.version + 1 };
  }

  async #remove(id: string): Promise<void> {
    for (;;) {
      const row = await this.documents.get(taskRows, id);
      if (row === null) return;
      try {
        return await this.documents.replace(taskRows, id, row.version, null);
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
      }
    }
  }

  async #all(index: string, equals: readonly string[]): Promise<readonly Versioned<TaskRow>[]> {
    const rows: Versioned<TaskRow>[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof this.documents.page<TaskRow>>> = await this.documents.page(taskRows, {
        ...{ index, equals, limit: pageSize },
        ...(cursor === null ? {} : { cursor }),
      });
      rows.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  }

  #leaseEnd(): string {
    return new Date(this.clock.now().getTime() + leaseMilliseconds).toISOString();
  }
}
