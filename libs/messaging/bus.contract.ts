import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterTopic, type Json } from '#contracts';
import {
  type Bus,
  DependencyUnavailable,
  type Handler,
  type Message,
  type SubscribeOptions,
  type Subscription,
  UnreadableMessage,
} from './bus.ts';
import { Inbox } from './contract/inbox.contract.ts';

export interface OpenedBus {
  readonly bus: Bus;
  /** Lets so much time pass, in milliseconds, as far as the bus is concerned. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** What every bus must do, whatever carries it. */
export function busContract(adapter: string, open: () => Promise<OpenedBus>): void {
  describe(`${adapter} as a bus`, () => {
    let opened: OpenedBus;
    let bus: Bus;
    let topic: string;
    let group: string;
    const subscriptions: Subscription[] = [];
    beforeEach(async () => {
      opened = await open();
      ({ bus } = opened);
      topic = `test.${randomUUID()}`;
      group = `group-${randomUUID()}`;
    });
    afterEach(async () => {
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close(0)));
      await opened.close();
    });

    const message = (key: string, value: Json, headers = {}): Message => {
      return { topic, key, id: randomUUID(), type: 'test', value, headers };
    };
    const subscribe = async (handle: Handler, more: Partial<SubscribeOptions> = {}): Promise<Subscription> => {
      const options: SubscribeOptions = { topics: [topic], group, from: 'beginning', concurrency: 8, ...more };
      const subscription = await bus.subscribe(options, handle);
      subscriptions.push(subscription);
      return subscription;
    };

    it('brings a message as it was, through JSON, with its headers', async () => {
      const inbox = new Inbox();
      await subscribe(inbox.take);
      const sent = message('key', { text: 'ü', list: [1, null], left: undefined }, { traceparent: '00-1-2-01' });
      await bus.publish([sent]);
      await inbox.count(1);
      const [received] = inbox.messages;
      expect(received).toEqual({ ...sent, value: { text: 'ü', list: [1, null] } });
      expect(received?.value).not.toBe(sent.value);
    });

    it('refuses what is not JSON', async () => {
      // The compiler would refuse it, too.
      await expect(bus.publish([message('key', 1n as unknown as Json)])).rejects.toThrow();
    });

    it('hands nothing over within publish', async () => {
      const inbox = new Inbox();
      await subscribe(inbox.take);
      const published = bus.publish([message('key', 1)]);
      expect(inbox.messages).toEqual([]);
      await published;
      await inbox.count(1);
    });

    it('keeps the order of a key, while keys go side by side', async () => {
      const inbox = new Inbox();
      const running = new Map<string, number>();
      let most = 0;
      await subscribe(async (received, delivery) => {
        const { key } = received;
        expect(running.get(key) ?? 0).toBe(0);
        running.set(key, 1);
        most = Math.max(most, [...running.values()].filter((n) => n > 0).length);
        await new Promise(setImmediate);
        running.set(key, 0);
        await inbox.take(received, delivery);
      });
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await bus.publish(Array.from({ length: 200 }, (_, n) => message(keys[n % keys.length] ?? 'a', n)));
      await inbox.count(200);
      for (const key of keys) {
        const values = inbox.messages.filter((received) => received.key === key).map(({ value }) => Number(value));
        expect(values).toEqual([...values].sort((x, y) => x - y));
      }
      expect(most).toBeGreaterThan(1);
    });

    it('gives every group every message', async () => {
      const [one, two] = [new Inbox(), new Inbox()];
      await subscribe(one.take);
      await subscribe(two.take, { group: `${group}-2` });
      await bus.publish([message('a', 1), message('b', 2)]);
      await Promise.all([one.count(2), two.count(2)]);
    });

    it('begins where the group wants to', async () => {
      await bus.publish([message('a', 'early')]);
      const [beginning, end] = [new Inbox(), new Inbox()];
      await subscribe(beginning.take);
      await subscribe(end.take, { group: `${group}-2`, from: 'end' });
      await bus.publish([message('a', 'late')]);
      await Promise.all([beginning.count(2), end.count(1)]);
      expect(beginning.values).toEqual(['early', 'late']);
      expect(end.values).toEqual(['late']);
    });

    it('tries a message again that failed, before the next of its key', async () => {
      const inbox = new Inbox();
      const attempts: number[] = [];
      await subscribe(async (received, delivery) => {
        if (received.value === 'fails twice') {
          attempts.push(delivery.attempt);
          if (delivery.attempt <= 2) throw new Error('not yet');
        }
        await inbox.take(received, delivery);
      });
      await bus.publish([message('a', 'fails twice'), message('a', 'next'), message('b', 'other')]);
      await inbox.count(1);
      expect(inbox.values).toEqual(['other']);
      await opened.pass(1_000);
      await inbox.count(3);
      expect(inbox.values).toEqual(['other', 'fails twice', 'next']);
      expect(attempts).toEqual([1, 2, 3]);
    });

    it('parks what fails for more than half a minute, with its cause, and goes on', async () => {
      const [inbox, dead] = [new Inbox(), new Inbox()];
      await subscribe(dead.take, { topics: [deadLetterTopic(topic)], group: `${group}-dead` });
      await subscribe(async (received, delivery) => {
        if (received.value === 'poison') throw new Error('cannot be digested');
        await inbox.take(received, delivery);
      });
      await bus.publish([message('a', 'poison'), message('a', 'next')]);
      await opened.pass(35_000);
      await Promise.all([inbox.count(1), dead.count(1)]);
      expect(inbox.values).toEqual(['next']);
      expect(dead.messages[0]).toMatchObject({ key: 'a', value: 'poison' });
      expect(dead.messages[0]?.headers).toMatchObject({ 'original-topic': topic });
      expect(dead.messages[0]?.headers.reason).toContain('cannot be digested');
    });

    it('parks at once what cannot be read', async () => {
      const dead = new Inbox();
      let attempts = 0;
      await subscribe(dead.take, { topics: [deadLetterTopic(topic)], group: `${group}-dead` });
      await subscribe(async () => {
        attempts += 1;
        throw new UnreadableMessage('no such thing');
      });
      await bus.publish([message('a', 'gibberish')]);
      await dead.count(1);
      expect(attempts).toBe(1);
      expect(dead.messages[0]?.headers.reason).toContain('no such thing');
    });

    it('never parks a message because something it depends on is away', async () => {
      const [inbox, dead] = [new Inbox(), new Inbox()];
      let isAway = true;
      await subscribe(dead.take, { topics: [deadLetterTopic(topic)], group: `${group}-dead` });
      await subscribe(async (received, delivery) => {
        if (isAway) throw new DependencyUnavailable('the store');
        await inbox.take(received, delivery);
      });
      await bus.publish([message('a', 1), message('a', 2)]);
      await opened.pass(600_000);
      isAway = false;
      await opened.pass(10_000);
      await inbox.count(2);
      expect(inbox.values).toEqual([1, 2]);
      expect(dead.messages).toEqual([]);
    });

    it('finishes what it holds when it closes, and takes nothing more', async () => {
      const inbox = new Inbox();
      const started = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const subscription = await subscribe(async (received, delivery) => {
        started.resolve();
        await finish.promise;
        await inbox.take(received, delivery);
      });
      await bus.publish([message('a', 1), message('a', 2)]);
      await started.promise;
      const closed = subscription.close(60_000);
      finish.resolve();
      await closed;
      expect(inbox.values).toEqual([1]);
    });

    it('aborts what takes longer than the grace, and brings it again to the next member', async () => {
      const inbox = new Inbox();
      const started = Promise.withResolvers<void>();
      const subscription = await subscribe(async (_received, { signal }) => {
        started.resolve();
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      });
      await bus.publish([message('a', 1), message('a', 2)]);
      await started.promise;
      const closed = subscription.close(1_000);
      await opened.pass(2_000);
      await closed;
      await subscribe(inbox.take);
      await inbox.count(2);
      expect(inbox.values).toEqual([1, 2]);
    });

    it('shares the keys out between members, and hands them over when one leaves', async () => {
      const [one, two] = [new Inbox(), new Inbox()];
      const revoked: ((key: string) => boolean)[] = [];
      await subscribe(one.take, { onRevoked: (isRevoked) => revoked.push(isRevoked) });
      const leaving = await subscribe(two.take);
      const keys = Array.from({ length: 64 }, (_, n) => `key-${n}`);
      await bus.publish(keys.map((key) => message(key, key)));
      const all = () => one.messages.length + two.messages.length;
      await Promise.race([one.until(() => all() >= 64), two.until(() => all() >= 64)]);
      expect(one.messages.length).toBeGreaterThan(0);
      expect(two.messages.length).toBeGreaterThan(0);
      const lost = keys.filter((key) => revoked.some((isRevoked) => isRevoked(key)));
      expect(lost.sort()).toEqual(two.messages.map(({ key }) => key).sort());
      await leaving.close(0);
      await bus.publish(keys.map((key) => message(key, `${key} again`)));
      await one.until(() => one.values.filter((value) => String(value).endsWith('again')).length === 64);
    });
  });
}
