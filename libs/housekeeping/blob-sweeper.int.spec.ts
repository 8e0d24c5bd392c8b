import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskBlobs } from '#blobs/disk';
import { type BlobRef, type ConversionEvent, conversionStream, type UploadEvent, uploadStream } from '#contracts';
import { SqliteDocuments } from '#documents/sqlite';
import { SqliteEventStore } from '#event-store/sqlite';
import { createLog } from '#telemetry';
import { SimulatedClock } from '#testing';
import { BlobSweeper } from './blob-sweeper.ts';

const at = '2026-01-01T00:00:00.000Z';
const taskId = randomUUID();
const day = 24 * 3_600_000;
let folder: string;
let events: SqliteEventStore;
let documents: SqliteDocuments;
let blobs: DiskBlobs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixdown-sweeper-'));
  events = await SqliteEventStore.open(':memory:');
  documents = await SqliteDocuments.open(':memory:');
  blobs = await DiskBlobs.open(folder);
});

afterEach(async () => {
  await events.close();
  await documents.close();
  await rm(folder, { recursive: true });
});

async function store(): Promise<BlobRef> {
  async function* bytes() {
    yield Buffer.from('bytes');
  }
  return blobs.write(bytes(), { maxBytes: 100 });
}

async function record(stream: string, history: readonly (UploadEvent | ConversionEvent)[]): Promise<void> {
  const metadata = { commandId: randomUUID(), at, schema: 1 };
  const recorded = history.map(({ type, data }) => ({ id: randomUUID(), type, data, metadata }));
  await events.append(stream, 'no-stream', recorded);
}

/** What is left after a sweep at that time. */
async function sweptAt(time: number): Promise<readonly string[]> {
  const clock = new SimulatedClock(new Date(time).toISOString());
  const sweeper = new BlobSweeper(events, documents, blobs, clock, createLog('silent'));
  sweeper.onApplicationBootstrap();
  await sweeper.sweep();
  await sweeper.onApplicationShutdown();
  return (await Array.fromAsync(blobs.list(new Date(Date.now() + day)))).map(({ key }) => key).sort();
}

it('removes what no stream needs, once it is a day old, and nothing else', async () => {
  const [uploaded, deletedUpload, audio, output, running, orphan, deletedOutput] = [
    ...[await store(), await store(), await store(), await store()],
    ...[await store(), await store(), await store()],
  ];
  if (!uploaded || !deletedUpload || !audio || !output || !running || !orphan || !deletedOutput) {
    throw new Error('seven blobs are needed');
  }
  const userId = randomUUID();
  const completed = (blob: BlobRef): UploadEvent => ({
    type: 'UploadCompleted',
    at,
    data: { userId, blob, mediaType: null },
  });
  const requested: ConversionEvent = {
    type: 'ConversionRequested',
    at,
    data: {
      ...{ userId, uploadId: randomUUID(), source: uploaded, priority: 'normal', requestHash: '', deadline: at },
      settings: { format: 'mp3', quality: { mode: 'vbr', level: 2 } },
    },
  };
  const source = {
    container: 'mov',
    durationSeconds: 1,
    audio: { codec: 'aac', sampleRate: 44_100, channels: 2, track: 0 },
  };
  const plan = { sampleRate: 44_100, channels: 2, segments: 1, ranges: [{ first: 0, count: 1 }] };
  const inspected = (blob: BlobRef): ConversionEvent => ({
    type: 'SourceInspected',
    at,
    data: { taskId, source, audio: blob, plan },
  });
  const started: ConversionEvent = { type: 'ConversionStarted', at, data: { taskId, engine: 'e' } };
  const made = { blob: output, samples: 1, sampleRate: 44_100, channels: 2, durationSeconds: 1 };
  await record(uploadStream(randomUUID()), [completed(uploaded)]);
  await record(uploadStream(randomUUID()), [completed(deletedUpload), { type: 'UploadDeleted', at, data: {} }]);
  await record(conversionStream(randomUUID()), [
    ...[requested, started, inspected(audio)],
    { type: 'SegmentEncoded', at, data: { taskId, engine: 'e', index: 0, blob: output, samples: 1 } },
    { type: 'ConversionCompleted', at, data: { output: made } },
  ]);
  await record(conversionStream(randomUUID()), [requested, started, inspected(running)]);
  await record(conversionStream(randomUUID()), [
    ...[requested, started, inspected(deletedOutput)],
    { type: 'SegmentEncoded', at, data: { taskId, engine: 'e', index: 0, blob: deletedOutput, samples: 1 } },
    { type: 'ConversionCompleted', at, data: { output: { ...made, blob: deletedOutput } } },
    { type: 'ConversionDeleted', at, data: {} },
  ]);

  const all = [uploaded, deletedUpload, audio, output, running, orphan, deletedOutput].map(({ key }) => key).sort();
  expect(await sweptAt(Date.now() + day / 2)).toEqual(all);
  expect(await sweptAt(Date.now() + 2 * day)).toEqual([uploaded, output, running].map(({ key }) => key).sort());
});
