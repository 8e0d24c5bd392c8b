import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '#testing';
import { busContract } from '../bus.contract.ts';
import type { Message } from '../bus.ts';
import { InProcessBus } from './in-process-bus.ts';
import type { GroupCheckpoints, LogTopic } from './log-topic.ts';

busContract('the bus in the process', async () => {
  const clock = new SimulatedClock();
  const bus = new InProcessBus({ clock });
  return { bus, pass: (milliseconds) => settled(clock, milliseconds), close: async () => {} };
});

/** In small steps, since what a sleeper does when it wakes may make it sleep again. */
async function settled(clock: SimulatedClock, milliseconds: number): Promise<void> {
  const step = Math.max(50, milliseconds / 2_000);
  for (let passed = 0; passed < milliseconds; passed += step) {
    await new Promise(setImmediate);
    await clock.advance(step);
  }
}

const topic = 'log';

function logOf(messages: readonly Message[]): LogTopic {
  return {
    async *read(after, signal) {
      for (let n = after === null ? 0 : Number(after); n < messages.length; n += 1) {
        const message = messages[n];
        if (message !== undefined) yield { message, offset: String(n + 1) };
      }
      yield { caughtUp: String(messages.length) };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    head: async () => String(messages.length),
  };
}

function messagesOf(count: number): readonly Message[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ topic, key: `key-${n % 7}`, id: String(n), type: 'test', value: n, headers: {} },
  }));
}

class Saved implements GroupCheckpoints {
  offset: string | null = null;
  async load(): Promise<string | null> {
    return this.offset;
  }
  async save(_group: string, _topic: string, offset: string): Promise<void> {
    this.offset = offset;
  }
}

describe('a topic that is a log', () => {
  const options = { topics: [topic], group: 'group', from: 'beginning', concurrency: 4 } as const;
  const busOf = (messages: readonly Message[], checkpoints: GroupCheckpoints, clock = new SimulatedClock()) =>
    new InProcessBus({ clock, logs: { topics: { [topic]: logOf(messages) }, checkpoints } });

  it('is read to its end, and the checkpoint follows', async () => {
    const saved = new Saved();
    const seen: unknown[] = [];
    const all = Promise.withResolvers<void>();
    const subscription = await busOf(messagesOf(1_000), saved).subscribe(options, async ({ value }) => {
      seen.push(value);
      if (seen.length === 1_000) all.resolve();
    });
    await all.promise;
    await subscription.close(0);
    expect(new Set(seen).size).toBe(1_000);
    expect(saved.offset).toBe('1000');
  });

  it('is read on from the checkpoint', async () => {
    const saved = new Saved();
    saved.offset = '990';
    const seen: unknown[] = [];
    const all = Promise.withResolvers<void>();
    const subscription = await busOf(messagesOf(1_000), saved).subscribe(options, async ({ value }) => {
      seen.push(value);
      if (seen.length === 10) all.resolve();
    });
    await all.promise;
    await subscription.close(0);
    expect(seen.toSorted()).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  });

  it('has no checkpoint behind a message that was not handled', async () => {
    const saved = new Saved();
    const othersDone = Promise.withResolvers<void>();
    let handled = 0;
    const subscription = await busOf(messagesOf(50), saved).subscribe(options, async ({ value }, { signal }) => {
      if (value === 10) {
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      }
      handled += 1;
      // All of the other six keys, and what comes before it of its own.
      if (handled === 44) othersDone.resolve();
    });
    await othersDone.promise;
    await subscription.close(0);
    expect(Number(saved.offset)).toBeLessThanOrEqual(10);
  });

  it('is not published to', async () => {
    await expect(busOf([], new Saved()).publish(messagesOf(1))).rejects.toThrow('log is a log');
  });
});
