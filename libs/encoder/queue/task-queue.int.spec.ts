import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OfferTask } from '#contracts';
import { SqliteDocuments } from '#documents/sqlite';
import { SimulatedClock } from '#testing';
import { leaseMilliseconds, TaskQueue } from './task-queue.ts';

let documents: SqliteDocuments;
let clock: SimulatedClock;
let queue: TaskQueue;
beforeEach(async () => {
  documents = await SqliteDocuments.open(':memory:');
  clock = new SimulatedClock();
  queue = new TaskQueue(documents, clock);
});
afterEach(() => documents.close());

function offer(more: Partial<OfferTask> = {}): OfferTask {
  const source = { key: randomUUID(), sha256: '0'.repeat(64), bytes: 1 };
  const settings = { format: 'mp3', quality: { mode: 'vbr', level: 2 } } as const;
  return {
    ...{
      taskId: randomUUID(),
      conversionId: randomUUID(),
      userId: 'user',
      priority: 'normal',
      try: 1,
      notBefore: null,
    },
    ...{ requestedAt: clock.now().toISOString(), engine: null, traceparent: null },
    work: { kind: 'inspect', source, settings },
    ...more,
  };
}

async function claimedBy(owner: string): Promise<string | null> {
  return (await queue.claim(owner))?.id ?? null;
}

describe('the task queue', () => {
  it('gives each task to one owner', async () => {
    const offers = Array.from({ length: 20 }, () => offer());
    for (const each of offers) await queue.offer(each);
    const claimed = await Promise.all(Array.from({ length: 30 }, (_, n) => claimedBy(`owner-${n}`)));
    const tasks = claimed.filter((id) => id !== null);
    expect(tasks.toSorted()).toEqual(offers.map(({ taskId }) => taskId).toSorted());
  });

  it('takes a repeated offer for one', async () => {
    const same = offer();
    await Promise.all([queue.offer(same), queue.offer(same), queue.offer(same)]);
    expect(await claimedBy('a')).toBe(same.taskId);
    expect(await claimedBy('b')).toBeNull();
  });

  it('answers an offer of what is done with its report', async () => {
    const done = offer();
    await queue.offer(done);
    const row = await queue.claim('a');
    if (row === null) throw new Error('nothing to claim');
    await queue.end(row, 'finished', { result: 42 });
    expect(await queue.offer(done)).toEqual({ kind: 'ended', reports: [{ result: 42 }] });
  });

  it('lets a failed task wait anew for a later try, and for no other', async () => {
    const failing = offer();
    await queue.offer(failing);
    const row = await queue.claim('a');
    if (row === null) throw new Error('nothing to claim');
    await queue.end(row, 'failed', { code: 'stalled' });
    expect(await queue.offer(failing)).toMatchObject({ kind: 'ended' });
    const notBefore = new Date(clock.now().getTime() + 1_000).toISOString();
    expect(await queue.offer({ ...failing, try: 2, notBefore })).toEqual({ kind: 'queued' });
    expect(await claimedBy('a')).toBeNull();
    await clock.advance(1_000);
    expect(await claimedBy('a')).toBe(failing.taskId);
  });

  it('goes by priority, then by age', async () => {
    const low = offer({ priority: 'low', userId: '1' });
    const early = offer({ userId: '2' });
    await clock.advance(1_000);
    const late = offer({ userId: '3' });
    const high = offer({ priority: 'high', userId: '4' });
    for (const each of [low, late, early, high]) await queue.offer(each);
    const order = [await claimedBy('a'), await claimedBy('a'), await claimedBy('a'), await claimedBy('a')];
    expect(order).toEqual([high, early, late, low].map(({ taskId }) => taskId));
  });

  it('lets users take turns, however many one of them asks for', async () => {
    const many = Array.from({ length: 50 }, () => offer({ userId: 'greedy' }));
    for (const each of many) await queue.offer(each);
    await claimedBy('a');
    const one = offer({ userId: 'modest' });
    await queue.offer(one);
    const next = [await claimedBy('a'), await claimedBy('a')];
    expect(next).toContain(one.taskId);
  });

  it('does not let one who asks again and again push the others back for ever', async () => {
    const waiting = Array.from({ length: 5 }, () => offer({ userId: 'patient' }));
    for (const each of waiting) await queue.offer(each);
    const served = new Set<string | null>();
    for (let round = 0; round < 12; round += 1) {
      await queue.offer(offer({ userId: 'eager' }));
      served.add(await claimedBy('a'));
    }
    expect(waiting.every(({ taskId }) => served.has(taskId))).toBe(true);
  });

  it('finishes a conversion that has begun before it begins another', async () => {
    const conversionId = randomUUID();
    await queue.offer(offer({ conversionId, userId: 'one' }));
    await queue.offer(offer({ userId: 'two' }));
    await queue.offer(offer({ userId: 'one' }));
    await claimedBy('a');
    const second = offer({ conversionId, userId: 'one' });
    await queue.offer(second);
    expect([await claimedBy('a'), await claimedBy('a')]).toContain(second.taskId);
  });

  it('gives a task on when its lease ran out, and its old owner notices', async () => {
    await queue.offer(offer());
    const row = await queue.claim('a');
    if (row === null) throw new Error('nothing to claim');
    await clock.advance(leaseMilliseconds - 1);
    await queue.releaseExpired();
    expect(await claimedBy('b')).toBeNull();
    await clock.advance(2);
    await queue.releaseExpired();
    expect(await claimedBy('b')).toBe(row.id);
    expect(await queue.renew(row)).toBeNull();
    expect(await queue.end(row, 'finished', {})).toBeNull();
  });

  it('keeps a task whose lease is renewed', async () => {
    await queue.offer(offer());
    let row = await queue.claim('a');
    for (let n = 0; n < 5 && row !== null; n += 1) {
      await clock.advance(leaseMilliseconds - 1_000);
      row = await queue.renew(row);
      await queue.releaseExpired();
    }
    expect(row).not.toBeNull();
    expect(await claimedBy('b')).toBeNull();
  });

  it('takes back at once what an earlier process of the same name had', async () => {
    const [own, foreign] = [offer(), offer()];
    await queue.offer(own);
    await claimedBy('this');
    await queue.offer(foreign);
    await claimedBy('other');
    await queue.takeBack('this');
    expect(await claimedBy('this')).toBe(own.taskId);
    expect(await claimedBy('this')).toBeNull();
  });

  it('forgets the tasks of a conversion that has ended; whoever works on one notices', async () => {
    const conversionId = randomUUID();
    await queue.offer(offer({ conversionId }));
    const row = await queue.claim('a');
    await queue.offer(offer({ conversionId }));
    await queue.stop(conversionId);
    expect(await claimedBy('b')).toBeNull();
    expect(row && (await queue.renew(row))).toBeNull();
    expect(await queue.depth(10)).toEqual({ waiting: 0, oldest: null });
  });
});
