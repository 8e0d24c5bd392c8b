/** Durable appends a second of the SQLite event store: `node --conditions=mixdown-source bench/event-store.bench.ts`. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, type NewEvent } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';

const seconds = 3;
const eventBytes = 500;

interface Figures {
  readonly writers: number;
  readonly appendsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

function event(): NewEvent {
  const metadata = { commandId: randomUUID(), at: '2026-01-01T00:00:00.000Z', schema: 1 };
  const padding = eventBytes - JSON.stringify(metadata).length - JSON.stringify({ text: '' }).length;
  return { id: randomUUID(), type: 'Measured', data: { text: 'x'.repeat(padding) }, metadata };
}

/** Each writer appends to a stream of its own, one event at a time, and waits for each. */
async function measure(store: EventStore, writers: number): Promise<Figures> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1_000;
  async function write(): Promise<void> {
    const stream = `bench-${randomUUID()}`;
    for (let revision = -1n; performance.now() < end; revision += 1n) {
      const asked = performance.now();
      await store.append(stream, revision < 0n ? 'no-stream' : revision, [event()]);
      latencies.push(performance.now() - asked);
    }
  }
  await Promise.all(Array.from({ length: writers }, write));
  const elapsed = (performance.now() - start) / 1_000;
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
  return { writers, appendsPerSecond: Math.round(sorted.length / elapsed), p50: quantile(0.5), p99: quantile(0.99) };
}

const folder = await mkdtemp(join(tmpdir(), 'mixdown-bench-'));
try {
  const store = await SqliteEventStore.open(join(folder, 'events.db'));
  const figures: Figures[] = [];
  for (const writers of [1, 16, 64, 256]) figures.push(await measure(store, writers));
  await store.close();
  console.table(figures);
} finally {
  await rm(folder, { recursive: true });
}
