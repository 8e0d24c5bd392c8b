import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newEvent, newEvents, newStream, readAll } from '../contract/events.contract.ts';
import { eventStoreContract, type OpenedEventStore } from '../event-store.contract.ts';
import { OutcomeUnknown } from '../event-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

const mebibyte = 1_048_576;

async function openFile(): Promise<OpenedEventStore> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-event-store-'));
  const path = join(folder, 'events.db');
  let store = await SqliteEventStore.open(path);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await SqliteEventStore.open(path);
      return store;
    },
    appender: [fileURLToPath(new URL('./append-until-killed.contract.ts', import.meta.url)), path],
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

eventStoreContract('an SQLite file', { open: openFile });

eventStoreContract('SQLite in memory', {
  open: async () => {
    const store = await SqliteEventStore.open(':memory:');
    return { store, close: () => store.close() };
  },
  lacks: { reopen: '(memory is gone when it is closed)', appender: '(memory is gone with the process)' },
});

it('does not know the outcome of an append to a store that is closed, and its feeds fail', async () => {
  const store = await SqliteEventStore.open(':memory:');
  const feed = store.feed({ after: null, categories: ['conversion'], signal: new AbortController().signal });
  const items = feed[Symbol.asyncIterator]();
  await items.next();
  const next = items.next();
  const rejected = expect(next).rejects.toMatchObject({ code: 'sqlite-thread-ended' });
  await store.close();
  await rejected;
  await expect(store.append(newStream(), 'no-stream', newEvents(1))).rejects.toThrow(OutcomeUnknown);
  expect(await store.ended).toBeNull();
});

it('stores what was asked for before it was closed', async () => {
  const { store, reopen, close } = await openFile();
  if (reopen === undefined) throw new Error('a file can be reopened');
  const stream = newStream();
  const appends = Array.from({ length: 500 }, () => store.append(newStream(), 'no-stream', newEvents(1)));
  const last = store.append(stream, 'no-stream', newEvents(1));
  expect(await readAll(await reopen(), stream)).toHaveLength(1);
  await Promise.all([...appends, last]);
  await close();
});

it('refuses a position of another store', async () => {
  const store = await SqliteEventStore.open(':memory:');
  const options = { after: 'C:1/P:1' as never, categories: ['conversion'], signal: new AbortController().signal };
  await expect(Array.fromAsync(store.feed(options))).rejects.toThrow(TypeError);
  await store.close();
});

it('holds one page for each feed whose reader stands still, however long the log', async () => {
  const store = await SqliteEventStore.open(':memory:');
  const events = Array.from({ length: 16 }, () => newEvent({ text: 'x'.repeat(60_000) }));
  for (let batch = 0; batch < 16; batch += 1) await store.append(newStream(), 'no-stream', events);
  const before = process.memoryUsage();
  const stop = new AbortController();
  const feeds = Array.from({ length: 64 }, () =>
    store.feed({ after: null, categories: ['conversion'], signal: stop.signal })[Symbol.asyncIterator](),
  );
  await Promise.all(feeds.map((feed) => feed.next()));
  const grown = process.memoryUsage().heapUsed - before.heapUsed;
  expect(grown).toBeLessThan(64 * mebibyte);
  stop.abort();
  await Promise.all(feeds.map((feed) => feed.next()));
  await store.close();
});
