import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineCollection } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { SqliteEventStore } from '#event-store/sqlite';
import { createLog } from '#telemetry';
import { SimulatedClock } from '#testing';
import { GenerationDocuments } from './generation-documents.ts';
import type { ReadModel } from './read-model.ts';
import { ReadModels, RebuildInterrupted } from './read-models.ts';

const sums = defineCollection<{ sum: number }>({
  name: 'sums',
  kind: 'read-model',
  indexes: { bySum: { fields: ['sum'] } },
});

/** Of each stream the sum of its numbers, times a factor that a new version of the fold has changed. */
function sumsOf(factor: number, version = 1): ReadModel {
  return {
    ...{ name: 'sums', version, categories: ['number'], collections: [sums] },
    open(events, documents) {
      return {
        async apply({ stream, revision }) {
          let sum = 0;
          for await (const { data } of events.read(stream)) sum += Number(data.value) * factor;
          if (Number.isNaN(sum)) throw new Error('not a number');
          await documents.project(sums, stream, revision, { sum });
        },
      };
    },
  };
}

let events: SqliteEventStore;
let documents: SqliteDocuments;
let clock: SimulatedClock;
let readModels: ReadModels;
const opened: ReadModels[] = [];

function open(): ReadModels {
  const made = new ReadModels(events, documents, clock, createLog('silent'));
  opened.push(made);
  return made;
}

beforeEach(async () => {
  events = await SqliteEventStore.open(':memory:');
  documents = await SqliteDocuments.open(':memory:');
  clock = new SimulatedClock();
  readModels = open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.onApplicationShutdown();
  await events.close();
  await documents.close();
});

async function append(stream: string, expected: bigint | 'no-stream', value: number | string): Promise<void> {
  const metadata = { commandId: randomUUID(), at: clock.now().toISOString(), schema: 1 };
  await events.append(stream, expected, [{ id: randomUUID(), type: 'Counted', data: { value }, metadata }]);
}

async function rows(model: ReadModel, from = readModels): Promise<Record<string, number>> {
  const scanned = await Array.fromAsync((await from.of(model)).scan(sums));
  return Object.fromEntries(scanned.map(({ id, document }) => [id, document.sum]));
}

/** A rebuild to its end, and the end of the grace period of the one before. */
async function rebuilt(model: ReadModel): Promise<void> {
  let isOver = false;
  const over = readModels.rebuild(model).finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  while (!isOver) {
    await clock.advance(1_000);
    await new Promise(setImmediate);
  }
  await over;
}

describe('a read model', () => {
  it('tells of everything that was in the log, and of what comes', async () => {
    await append('number-a', 'no-stream', 1);
    const model = sumsOf(1);
    readModels.start(model);
    await readModels.caughtUp(model);
    expect(await rows(model)).toEqual({ 'number-a': 1 });
    await append('number-a', 0n, 2);
    await expect.poll(() => rows(model)).toEqual({ 'number-a': 3 });
  });

  it('goes on from its checkpoint', async () => {
    const model = sumsOf(1);
    await append('number-a', 'no-stream', 1);
    readModels.start(model);
    await readModels.caughtUp(model);
    await readModels.onApplicationShutdown();
    const again = open();
    const seen: string[] = [];
    again.start({
      ...model,
      open: (...ports) => ({
        apply: async (recorded) => {
          seen.push(recorded.stream);
          await model.open(...ports).apply(recorded);
        },
      }),
    });
    await again.caughtUp(model);
    await append('number-b', 'no-stream', 5);
    await expect.poll(() => rows(model, again)).toEqual({ 'number-a': 1, 'number-b': 5 });
    expect(seen).toEqual(['number-b']);
  });

  it('of another version is folded anew, beside the old one', async () => {
    await append('number-a', 'no-stream', 1);
    const [old, next] = [sumsOf(1), sumsOf(10, 2)];
    readModels.start(old);
    await readModels.caughtUp(old);
    const newer = open();
    newer.start(next);
    await newer.caughtUp(next);
    expect([await rows(old), await rows(next)]).toEqual([{ 'number-a': 1 }, { 'number-a': 10 }]);
  });
});

describe('a rebuild', () => {
  it('makes whatever was wrong right, and leaves nothing of the old generation', async () => {
    await append('number-a', 'no-stream', 1);
    await append('number-b', 'no-stream', 2);
    const model = sumsOf(1);
    readModels.start(model);
    await readModels.caughtUp(model);
    const first = new GenerationDocuments(documents, model, { version: 1, number: 1 });
    await first.project(sums, 'number-a', 9n, { sum: 999 });
    await first.project(sums, 'number-x', 0n, { sum: 1 });
    await rebuilt(model);
    expect(await rows(model)).toEqual({ 'number-a': 1, 'number-b': 2 });
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(await Array.fromAsync(first.scan(sums))).toEqual([]);
    });
    await append('number-b', 0n, 5);
    await expect.poll(() => rows(model)).toEqual({ 'number-a': 1, 'number-b': 7 });
    await rebuilt(model);
    expect(await rows(model)).toEqual({ 'number-a': 1, 'number-b': 7 });
  });

  it('serves the old generation until the new one is whole', async () => {
    await append('number-a', 'no-stream', 1);
    const held = Promise.withResolvers<void>();
    let isHeld = false;
    const model = sumsOf(1);
    const holding: ReadModel = {
      ...model,
      open: (...ports) => ({
        apply: async (recorded) => {
          if (isHeld) await held.promise;
          await model.open(...ports).apply(recorded);
        },
      }),
    };
    readModels.start(holding);
    await readModels.caughtUp(model);
    isHeld = true;
    const rebuild = readModels.rebuild(holding);
    expect(readModels.rebuild(holding)).toBe(rebuild);
    await new Promise(setImmediate);
    expect(await rows(model)).toEqual({ 'number-a': 1 });
    held.resolve();
    await rebuilt(holding);
    await rebuild;
    expect(await rows(model)).toEqual({ 'number-a': 1 });
  });

  it('without a service leaves its place in the log to whoever reacts', async () => {
    await append('number-a', 'no-stream', 1);
    const model = sumsOf(1);
    readModels.start(model);
    await readModels.caughtUp(model);
    await readModels.onApplicationShutdown();
    // Nobody has reacted to this one.
    await append('number-b', 'no-stream', 2);
    const alone = open();
    await alone.bringUpToDate(model);
    await alone.rebuild(model, { isAlone: true });
    expect(await rows(model, alone)).toEqual({ 'number-a': 1, 'number-b': 2 });
    await alone.onApplicationShutdown();
    const reacted: string[] = [];
    const next = open();
    next.start(model, async ({ stream }) => void reacted.push(stream));
    await next.caughtUp(model);
    expect(reacted).toEqual(['number-b']);
  });

  it('that cannot be made changes nothing', async () => {
    await append('number-a', 'no-stream', 1);
    const model = sumsOf(1);
    readModels.start(model);
    await readModels.caughtUp(model);
    const failing: ReadModel = { ...model, open: () => ({ apply: () => Promise.reject(new Error('broken')) }) };
    await expect(rebuilt(failing)).rejects.toThrow('broken');
    expect(await rows(model)).toEqual({ 'number-a': 1 });
    await rebuilt(model);
    expect(await rows(model)).toEqual({ 'number-a': 1 });
  });

  it('that is interrupted changes nothing', async () => {
    await append('number-a', 'no-stream', 1);
    const model = sumsOf(1);
    readModels.start(model);
    await readModels.caughtUp(model);
    const reached = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const slow: ReadModel = {
      ...model,
      open: () => ({
        apply: () => {
          reached.resolve();
          return held.promise;
        },
      }),
    };
    const refused = expect(readModels.rebuild(slow)).rejects.toThrow(RebuildInterrupted);
    await reached.promise;
    const closed = readModels.onApplicationShutdown();
    held.resolve();
    await refused;
    await closed;
    expect(await rows(model, open())).toEqual({ 'number-a': 1 });
    opened.splice(0, 1);
  });
});
