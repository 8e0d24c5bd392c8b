import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore, Position, Recorded } from '../event-store.ts';
import { type FeedItem, follow, isCaughtUp, isEvent, newEvent, newEvents, newStream } from './events.contract.ts';
import type { EventStoreUnderTest, OpenedEventStore } from './under-test.contract.ts';

export function feedContract({ open }: EventStoreUnderTest): void {
  describe('feed', () => {
    let opened: OpenedEventStore;
    let store: EventStore;
    let start: Position | null;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      start = await store.head();
    });
    afterEach(() => opened.close());

    it('says that it has caught up with an empty rest', async () => {
      expect(await follow(store, start, ['conversion'], isCaughtUp)).toEqual([{ caughtUp: start }]);
    });

    it('gives what is stored, says so, and goes on with what is appended', async () => {
      const stream = newStream();
      await store.append(stream, 'no-stream', newEvents(600));
      const head = await store.head();
      let appended: Promise<unknown> = Promise.resolve();
      const items = await follow(store, start, ['conversion'], (item) => {
        if (!isEvent(item) && item.caughtUp === head) appended = store.append(stream, 599n, newEvents(2));
        return isEvent(item) && item.revision === 601n;
      });
      await appended;
      const expected = Array.from({ length: 602 }, (_, index) => BigInt(index));
      expect(items.filter(isEvent).map(({ revision }) => revision)).toEqual(expected);
      expect(items[600]).toEqual({ caughtUp: head });
    });

    it('resumes after the position of any event', async () => {
      const streams = [newStream(), newStream()];
      for (const [index, event] of newEvents(40).entries()) {
        const revision = BigInt(Math.floor(index / 2)) - 1n;
        await store.append(streams[index % 2] ?? '', revision < 0n ? 'no-stream' : revision, [event]);
      }
      const all = (await follow(store, start, ['conversion'], isCaughtUp)).filter(isEvent);
      for (const [index, { position }] of all.entries()) {
        const rest = (await follow(store, position, ['conversion'], isCaughtUp)).filter(isEvent);
        expect(rest.map(({ id }) => id)).toEqual(all.slice(index + 1).map(({ id }) => id));
      }
    });

    it('gives the categories asked for, and has caught up with the head though the last events were of others', async () => {
      await store.append(newStream('upload'), 'no-stream', newEvents(3));
      await store.append(newStream('conversion'), 'no-stream', newEvents(1));
      await store.append(newStream('uploads'), 'no-stream', newEvents(1_500));
      const head = await store.head();
      const [ofUploads, ofBoth] = await Promise.all(
        [['upload'], ['conversion', 'upload']].map((categories) => follow(store, start, categories, isCaughtUp)),
      );
      expect(ofUploads?.filter(isEvent)).toHaveLength(3);
      expect(ofBoth?.filter(isEvent)).toHaveLength(4);
      expect([ofUploads?.at(-1), ofBoth?.at(-1)]).toEqual([{ caughtUp: head }, { caughtUp: head }]);
      // A checkpoint beyond the events that were left out leaves out none that follow.
      const next = follow(store, head, ['upload'], isEvent);
      await store.append(newStream('upload'), 'no-stream', newEvents(1));
      expect((await next).filter(isEvent)).toHaveLength(1);
    });

    it('has caught up anew after each append that it hears of, also of another category', async () => {
      let appended: Promise<unknown> = Promise.resolve();
      let times = 0;
      const items = await follow(store, start, ['conversion'], (item) => {
        if (isCaughtUp(item)) times += 1;
        if (times < 4) appended = store.append(newStream('upload'), 'no-stream', newEvents(1));
        return times === 4;
      });
      await appended;
      expect(items.filter(isEvent)).toEqual([]);
      expect(items.at(-1)).toEqual({ caughtUp: await store.head() });
    });

    it('gives each of many feeds everything, whatever their pace', async () => {
      const stream = newStream();
      const last = (item: FeedItem) => isEvent(item) && item.stream === stream && item.revision === 299n;
      const feeds = Array.from({ length: 30 }, () => follow(store, start, ['conversion'], last));
      const stop = new AbortController();
      const slow = store
        .feed({ after: start, categories: ['conversion'], signal: stop.signal })
        [Symbol.asyncIterator]();
      await slow.next();
      for (let revision = -1n; revision < 299n; revision += 10n) {
        await store.append(stream, revision < 0n ? 'no-stream' : revision, newEvents(10));
      }
      for (const items of await Promise.all(feeds)) expect(items.filter(isEvent)).toHaveLength(300);
      const seen: bigint[] = [];
      while (seen.length < 300) {
        const { value } = await slow.next();
        if (value !== undefined && isEvent(value)) seen.push(value.revision);
      }
      expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => BigInt(index)));
      stop.abort();
      expect((await slow.next()).done).toBe(true);
    });

    it('ends when aborted: before it began, with events left, and while it waits; and leaves no listener', async () => {
      await store.append(newStream(), 'no-stream', newEvents(10));
      const aborted = store.feed({ after: start, categories: ['conversion'], signal: AbortSignal.abort() });
      expect(await Array.fromAsync(aborted)).toEqual([]);
      expect(await follow(store, start, ['conversion'], isEvent)).toHaveLength(1);
      const stop = new AbortController();
      const feed = store.feed({ after: start, categories: ['upload'], signal: stop.signal })[Symbol.asyncIterator]();
      expect(await feed.next()).toEqual({ done: false, value: { caughtUp: await store.head() } });
      const waiting = feed.next();
      stop.abort();
      expect((await waiting).done).toBe(true);
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    });

    it('has no gap and no reordering, whenever it starts and whoever appends meanwhile', async () => {
      const batches = fc.array(fc.record({ stream: fc.nat(4), events: fc.integer({ min: 1, max: 4 }) }), {
        ...{ minLength: 1, maxLength: 120 },
      });
      await fc.assert(
        fc.asyncProperty(batches, fc.nat(120), fc.boolean(), async (appends, before, atOnce) => {
          const streams = Array.from({ length: 5 }, () => newStream());
          const wanted = appends.reduce((sum, { events }) => sum + events, 0);
          const from = await store.head();
          const writers = streams.map((stream, index) =>
            appendAll(
              store,
              stream,
              appends.filter(({ stream: of }) => of === index).map(({ events }) => events),
            ),
          );
          if (!atOnce) await Promise.all(writers.slice(0, before % 5));
          const seen: Recorded[] = [];
          await follow(store, from, ['conversion'], (item) => {
            if (isEvent(item) && streams.includes(item.stream)) seen.push(item);
            return seen.length === wanted;
          });
          await Promise.all(writers);
          for (const stream of streams) {
            const revisions = seen.filter((item) => item.stream === stream).map(({ revision }) => revision);
            expect(revisions).toEqual(revisions.map((_, index) => BigInt(index)));
          }
          const again = (await follow(store, from, ['conversion'], isCaughtUp)).filter(isEvent);
          expect(again.map(({ id }) => id)).toEqual(seen.map(({ id }) => id));
        }),
        { numRuns: 25 },
      );
    });
  });

  describe('head', () => {
    it('is the position of the last event appended', async () => {
      const { store, close } = await open();
      try {
        const { position } = await store.append(newStream(), 'no-stream', [newEvent()]);
        expect(await store.head()).toBe(position);
      } finally {
        await close();
      }
    });
  });
}

async function appendAll(store: EventStore, stream: string, batches: readonly number[]): Promise<void> {
  let expected: bigint | 'no-stream' = 'no-stream';
  for (const count of batches) expected = (await store.append(stream, expected, newEvents(count))).revision;
}
