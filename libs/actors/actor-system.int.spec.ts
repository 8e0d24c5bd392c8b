import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#contracts';
import { EventStore, type NewEvent, OutcomeUnknown } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';
import { ActorSystem } from './actor-system.ts';
import type { Decider } from './decider.ts';

type Command = { readonly id: string; readonly at: string; readonly add: number; readonly only?: number };
type Event = { readonly type: 'Added'; readonly at: string; readonly data: { readonly amount: number } };

/** A sum that adds nothing beyond 100, and refuses negative amounts. */
const sum: Decider<Command, Event, number> = {
  category: 'sum',
  initial: 0,
  decide: ({ add, at, only }, state) => {
    if (add < 0) throw new Error('refused');
    if (only !== undefined && state !== only) return [];
    return state + add > 100 ? [] : [{ type: 'Added', at, data: { amount: add } }];
  },
  evolve: (state, { data }) => state + data.amount,
  read: ({ data, metadata }) => ({ type: 'Added', at: metadata.at, data: data as Event['data'] & JsonObject }),
};

function add(amount: number, only?: number): Command {
  return { id: randomUUID(), at: '2026-01-01T00:00:00.000Z', add: amount, ...(only === undefined ? {} : { only }) };
}

let store: SqliteEventStore;
let id: string;
beforeEach(async () => {
  store = await SqliteEventStore.open(':memory:');
  id = randomUUID();
});
afterEach(() => store.close());

describe('an actor', () => {
  it('answers after its events are stored', async () => {
    const system = new ActorSystem(sum, store);
    expect(await system.execute(id, add(3))).toMatchObject({ state: 3, revision: 0n, appended: 1 });
    const stored = await Array.fromAsync(store.read(`sum-${id}`));
    expect(stored.map(({ data }) => data)).toEqual([{ amount: 3 }]);
  });

  it('takes one command at a time', async () => {
    const system = new ActorSystem(sum, store);
    const results = await Promise.all(Array.from({ length: 50 }, () => system.execute(id, add(2))));
    expect(results.map(({ state }) => state)).toEqual(Array.from({ length: 50 }, (_, n) => 2 * (n + 1)));
  });

  it('knows its state again in another process', async () => {
    await new ActorSystem(sum, store).execute(id, add(7));
    expect(await new ActorSystem(sum, store).look(id)).toMatchObject({ state: 7, revision: 0n });
  });

  it('reloads and decides again when another owner was faster', async () => {
    const [one, two] = [new ActorSystem(sum, store), new ActorSystem(sum, store)];
    await one.execute(id, add(60));
    await two.execute(id, add(30));
    // The first one believes in 60, where 30 more would do.
    expect(await one.execute(id, add(30))).toMatchObject({ state: 90, appended: 0 });
    expect(await one.execute(id, add(10))).toMatchObject({ state: 100, appended: 1 });
  });

  it('does not say "nothing to do" on what it remembers: another owner may have gone on', async () => {
    const [one, two] = [new ActorSystem(sum, store), new ActorSystem(sum, store)];
    await one.execute(id, add(1));
    await two.execute(id, add(1));
    expect(await one.execute(id, add(5, 2))).toMatchObject({ state: 7, appended: 1 });
  });

  it('passes a refusal on, and goes on with the next', async () => {
    const system = new ActorSystem(sum, store);
    await expect(system.execute(id, add(-1))).rejects.toThrow('refused');
    expect(await system.execute(id, add(1))).toMatchObject({ state: 1 });
  });

  it('remembers the trace that it began in', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await new ActorSystem(sum, store).execute(id, add(1), { traceparent });
    const known = await new ActorSystem(sum, store).execute(id, add(1), { traceparent: 'another' });
    expect(known.traceparent).toBe(traceparent);
  });

  it('is passivated when there are too many, and comes back as it was', async () => {
    const system = new ActorSystem(sum, store, { maxActive: 10 });
    const ids = Array.from({ length: 100 }, () => randomUUID());
    for (const each of ids) await system.execute(each, add(1));
    expect(system.active).toBeLessThanOrEqual(11);
    for (const each of ids) expect(await system.execute(each, add(1))).toMatchObject({ state: 2 });
  });
});

/** Says "unknown" once for every append: before storing it, or after. */
class Forgetful extends EventStore {
  readonly #seen = new Set<string>();
  constructor(private readonly storesFirst: boolean) {
    super();
  }
  override async append(stream: string, expected: bigint | 'no-stream', events: readonly NewEvent[]) {
    const first = !this.#seen.has(events[0]?.id ?? '');
    this.#seen.add(events[0]?.id ?? '');
    if (!first || this.storesFirst) await store.append(stream, expected, events);
    if (first) throw new OutcomeUnknown(stream);
    return store.append(stream, expected, events);
  }
  override read = (stream: string, from?: bigint) => store.read(stream, from);
  override feed = store.feed.bind(store);
  override head = () => store.head();
}

it.each([true, false])('sends an append again whose outcome is unknown; stored already: %s', async (storesFirst) => {
  const system = new ActorSystem(sum, new Forgetful(storesFirst));
  await system.execute(id, add(1));
  expect(await system.execute(id, add(2))).toMatchObject({ state: 3, revision: 1n });
  expect(await Array.fromAsync(store.read(`sum-${id}`))).toHaveLength(2);
});
