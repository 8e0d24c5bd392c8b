import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../event-store.ts';
import { newEvent, newEvents, newStream, readAll } from './events.contract.ts';
import type { EventStoreUnderTest, OpenedEventStore } from './under-test.contract.ts';

export function readContract({ open }: EventStoreUnderTest): void {
  describe('read', () => {
    let opened: OpenedEventStore;
    let store: EventStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('gives nothing for a stream that is absent', async () => {
      expect(await readAll(store, newStream())).toEqual([]);
    });

    it('gives a long stream in order, without a gap, from the revision asked for', async () => {
      const stream = newStream();
      await store.append(newStream(), 'no-stream', newEvents(3));
      await store.append(stream, 'no-stream', newEvents(700));
      await store.append(stream, 699n, newEvents(1));
      const all = await readAll(store, stream);
      expect(all.map(({ revision }) => revision)).toEqual(Array.from({ length: 701 }, (_, index) => BigInt(index)));
      expect((await readAll(store, stream, 256n)).map(({ id }) => id)).toEqual(all.slice(256).map(({ id }) => id));
      expect(await readAll(store, stream, 701n)).toEqual([]);
    });

    it('gives a stream of large events', async () => {
      const stream = newStream();
      for (let revision = -1n; revision < 9n; revision += 1n) {
        const event = newEvent({ text: 'x'.repeat(500_000) });
        await store.append(stream, revision < 0n ? 'no-stream' : revision, [event, newEvent()].slice(0, 1));
      }
      expect((await readAll(store, stream)).map(({ data }) => String(data.text).length)).toEqual(
        Array(10).fill(500_000),
      );
    });

    it('has read your writes', async () => {
      const stream = newStream();
      for (let revision = -1n; revision < 20n; revision += 1n) {
        await store.append(stream, revision < 0n ? 'no-stream' : revision, newEvents(1));
        expect(await readAll(store, stream, revision + 1n)).toHaveLength(1);
      }
    });

    it('can be left early', async () => {
      const stream = newStream();
      await store.append(stream, 'no-stream', newEvents(600));
      for await (const { revision } of store.read(stream)) if (revision === 3n) break;
      expect(await readAll(store, stream)).toHaveLength(600);
    });
  });
}
