import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendRefused, type EventStore, maxAppendBytes, type NewEvent, WrongExpectedVersion } from '../event-store.ts';
import { decidedEvent, idsIn, newEvent, newEvents, newStream, readAll } from './events.contract.ts';
import type { EventStoreUnderTest, OpenedEventStore } from './under-test.contract.ts';

export function appendContract({ open }: EventStoreUnderTest): void {
  describe('append', () => {
    let opened: OpenedEventStore;
    let store: EventStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('tells the revision and the position of its last event', async () => {
      const stream = newStream();
      const first = await store.append(stream, 'no-stream', newEvents(3));
      const second = await store.append(stream, first.revision, newEvents(2));
      const recorded = await readAll(store, stream);
      expect([first.revision, second.revision]).toEqual([2n, 4n]);
      expect([first.position, second.position]).toEqual([recorded[2]?.position, recorded[4]?.position]);
    });

    it('keeps what was appended as it was', async () => {
      const stream = newStream();
      const data = { text: 'ä€😀\u0000\n"', deep: [{ a: null, b: [1.5, -0.1, 1e21, true] }], empty: {} };
      const event = newEvent(data);
      const { position } = await store.append(stream, 'no-stream', [event]);
      expect(await readAll(store, stream)).toEqual([{ ...event, stream, revision: 0n, position }]);
    });

    it.each([
      ['two commands', randomUUID(), randomUUID()],
      ['one command with two payloads', 'one-command', 'one-command'],
    ])('has one winner when %s race for a revision', async (_, commandOfOne, commandOfOther) => {
      const stream = newStream();
      const racers = [
        decidedEvent(stream, commandOfOne, { by: 'one' }),
        decidedEvent(stream, commandOfOther, { by: 'other' }),
      ];
      const outcomes = await Promise.allSettled(racers.map((event) => store.append(stream, 'no-stream', [event])));
      const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [racers[index]?.id] : []));
      const [lost] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(await idsIn(store, stream)).toEqual(winners);
      expect(winners).toHaveLength(1);
      expect(lost).toBeInstanceOf(WrongExpectedVersion);
      expect(lost).toMatchObject({ stream, expected: 'no-stream', actual: 0n, code: 'wrong-expected-version' });
    });

    it('adds once what is appended many times at once', async () => {
      const stream = newStream();
      const events = newEvents(2);
      const answers = await Promise.all(Array.from({ length: 20 }, () => store.append(stream, 'no-stream', events)));
      expect(await idsIn(store, stream)).toEqual(events.map(({ id }) => id));
      expect(new Set(answers.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
    });

    it('takes a repetition for one after others have appended, with the answer of the first time', async () => {
      const stream = newStream();
      const events = newEvents(2);
      const first = await store.append(stream, 'no-stream', events);
      const second = await store.append(stream, 1n, newEvents(1));
      await store.append(stream, second.revision, newEvents(3));
      expect(await store.append(stream, 'no-stream', events)).toEqual(first);
      expect(await readAll(store, stream)).toHaveLength(6);
    });

    it('takes nothing for a repetition that differs in one event, in length beyond it, or in its place', async () => {
      const stream = newStream();
      const [a, b] = [newEvent(), newEvent()];
      await store.append(stream, 'no-stream', [a, b]);
      await store.append(stream, 1n, newEvents(1));
      const attempts: [bigint | 'no-stream', NewEvent[]][] = [
        ['no-stream', [a, newEvent()]],
        ['no-stream', [newEvent(), b]],
        ['no-stream', [b, a]],
        [1n, [a, b]],
        [0n, [b, newEvent(), newEvent()]],
      ];
      for (const [expected, events] of attempts) {
        const attempt = store.append(stream, expected, events);
        await expect(attempt).rejects.toMatchObject({ name: 'WrongExpectedVersion', expected, actual: 2n });
      }
      expect(await readAll(store, stream)).toHaveLength(3);
    });

    it('refuses a revision that the stream has not reached, and says where it is', async () => {
      const stream = newStream();
      await expect(store.append(stream, 0n, newEvents(1))).rejects.toMatchObject({ expected: 0n, actual: 'no-stream' });
      await store.append(stream, 'no-stream', newEvents(1));
      await expect(store.append(stream, 5n, newEvents(1))).rejects.toMatchObject({ expected: 5n, actual: 0n });
    });

    it('stores all of an append or nothing of it', async () => {
      const [stream, other] = [newStream(), newStream()];
      await store.append(stream, 'no-stream', newEvents(1));
      await expect(store.append(stream, 'no-stream', newEvents(50))).rejects.toThrow(WrongExpectedVersion);
      await expect(store.append(other, 'no-stream', [newEvent(), newEvent({}, 'no uuid')])).rejects.toThrow(
        AppendRefused,
      );
      expect(await readAll(store, stream)).toHaveLength(1);
      expect(await readAll(store, other)).toEqual([]);
    });

    it('keeps many concurrent appends apart, some of which must fail', async () => {
      const streams = Array.from({ length: 20 }, () => newStream());
      await Promise.all(streams.map((stream) => store.append(stream, 'no-stream', newEvents(1))));
      const attempts = Array.from({ length: 300 }, (_, index) => {
        const stream = streams[index % streams.length] ?? '';
        const expected = BigInt(Math.floor(index / streams.length) % 3);
        const events = index % 7 === 0 ? [newEvent(), newEvent({}, 'no uuid')] : newEvents((index % 3) + 1);
        return { stream, events, outcome: store.append(stream, expected, events) };
      });
      const outcomes = await Promise.allSettled(attempts.map(({ outcome }) => outcome));
      const stored = attempts.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      const found = (await Promise.all(streams.map((stream) => readAll(store, stream)))).flat();
      expect(
        found
          .filter(({ revision }) => revision > 0n)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(stored.flatMap(({ events }) => events.map(({ id }) => id)).toSorted());
      expect(stored.length).toBeGreaterThanOrEqual(streams.length);
      expect(stored.length).toBeLessThan(attempts.length);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
      expect(new Set(reasons)).toEqual(new Set(['wrong-expected-version', 'append-refused']));
    });

    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    it.each<[string, unknown[]]>([
      ['no events', []],
      ['an id that is no UUID', [newEvent({}, 'seven')]],
      ['a BigInt', [{ ...newEvent(), data: { count: 1n } }]],
      ['a circle', [{ ...newEvent(), data: circular }]],
      ['no data', [{ ...newEvent(), data: undefined }]],
      ['more than the largest append', [newEvent({ text: 'x'.repeat(maxAppendBytes) })]],
      ['more than that in many events', Array.from({ length: 20 }, () => newEvent({ text: 'x'.repeat(60_000) }))],
    ])('refuses %s, and goes on', async (_, events) => {
      const stream = newStream();
      const append = store.append(stream, 'no-stream', events as NewEvent[]);
      await expect(append).rejects.toMatchObject({ name: 'AppendRefused', code: 'append-refused' });
      expect(await readAll(store, stream)).toEqual([]);
      await store.append(stream, 'no-stream', newEvents(1));
    });

    it('refuses a revision below zero', async () => {
      await expect(store.append(newStream(), -1n, newEvents(1))).rejects.toThrow(AppendRefused);
    });

    it('takes the largest append', async () => {
      const stream = newStream();
      const bare = JSON.stringify(newEvent().metadata).length + JSON.stringify({ text: '' }).length;
      await store.append(stream, 'no-stream', [newEvent({ text: 'x'.repeat(maxAppendBytes - bare) })]);
      expect(await readAll(store, stream)).toHaveLength(1);
    });
  });
}
