import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutMedia, disguises, fileOf, makeMedia, removeTestMedia, sampleCountOf } from '#testing/media';
import { Client } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

let system: System;
let client: Client;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'));
  client = await Client.register(system.url);
});

afterAll(async () => {
  expect(await system.stop()).toBe(0);
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

async function samplesOf(bytes: Buffer): Promise<number> {
  const path = join(folder.path, `${createHash('sha256').update(bytes).digest('hex')}.mp3`);
  await writeFile(path, bytes);
  return sampleCountOf(path);
}

describe('a video becomes an MP3', () => {
  // Exact wherever the MP3 keeps the source's sample rate. Opus decodes at 48 kHz, which MP3 knows; AAC's priming is
  // in the edit list, Vorbis' and Opus' in the stream, and all of them are dropped by the decoder.
  it.each([
    ['mp4-aac', 'mov', 'aac'],
    ['mkv-opus', 'matroska', 'opus'],
    ['webm-vorbis', 'matroska', 'vorbis'],
    ['mov-pcm', 'mov', 'pcm_s16le'],
  ] as const)('%s, to the sample', async (kind, container, codec) => {
    const video = await makeMedia(kind, { seconds: 5 });
    const upload = await client.upload(video);
    const id = await client.convert(upload.id);
    const status = await client.end(id);
    expect(status).toMatchObject({ status: 'completed', progress: 100, source: { container, audio: { codec } } });
    const bytes = await client.download(id);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(status.output?.sha256);
    expect(bytes.length).toBe(status.output?.bytes);
    const samples = await samplesOf(bytes);
    expect(samples).toBe(await sampleCountOf(video));
    expect(status.output?.samples).toBe(samples);
  });

  it('by the upload alone, when it says so', async () => {
    const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 2 }), 'speech');
    const status = await client.end(upload.conversion?.id ?? 'none');
    expect(status).toMatchObject({
      status: 'completed',
      settings: { channels: 1, quality: { mode: 'vbr', level: 5 } },
    });
  });

  it('cut to the sample', async () => {
    const video = await makeMedia('mov-pcm', { seconds: 5 });
    const { id: uploadId } = await client.upload(video);
    const settings = { quality: { mode: 'cbr', kbps: 128 }, trim: { start: 1.5, end: 4.25 } };
    const id = await client.convert(uploadId, { settings });
    const status = await client.end(id);
    expect(status).toMatchObject({ status: 'completed' });
    expect(await samplesOf(await client.download(id))).toBe((2.75 * (await sampleCountOf(video))) / 5);
  });

  it('tells its history, and tells it again from any revision', async () => {
    const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 2 }));
    const id = await client.convert(upload.id, { metadata: { episode: '12' } });
    const live = await Array.fromAsync(client.follow(id));
    expect(live.map(({ type }) => type)).toEqual([
      'mixdown.conversion.requested.v1',
      'mixdown.conversion.started.v1',
      'mixdown.conversion.source-inspected.v1',
      'mixdown.conversion.segment-encoded.v1',
      'mixdown.conversion.completed.v1',
    ]);
    expect(live.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
    expect(await client.history(id)).toEqual(live);
    expect(await Array.fromAsync(client.follow(id, 2))).toEqual(live.slice(3));
    expect(JSON.stringify(live)).not.toContain('"key"');
    expect((await client.status(id)).metadata).toEqual({ episode: '12' });
    const again = await client.fetch(`/v1/conversions/${id}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': '4' },
    });
    expect(again.status).toBe(204);
  });

  it('once for each Idempotency-Key', async () => {
    const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 2 }));
    const first = await client.convert(upload.id, { preset: 'mp3' }, 'key-1');
    expect(await client.convert(upload.id, { preset: 'mp3' }, 'key-1')).toBe(first);
    const other = await client.postJson(
      '/v1/conversions',
      { uploadId: upload.id, preset: 'speech' },
      { 'idempotency-key': 'key-1' },
    );
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused' });
    expect(await client.end(first)).toMatchObject({ status: 'completed' });
  });
});

describe('a file that is no video with sound fails, and says why', () => {
  async function expectFailure(path: string, code: string): Promise<void> {
    const upload = await client.upload(path, 'mp3');
    const id = upload.conversion?.id ?? 'none';
    const status = await client.end(id);
    expect(status).toMatchObject({ status: 'failed', error: { code }, output: null });
    expect(status.error?.detail).not.toBe('');
    const output = await client.fetch(`/v1/outputs/${id}`);
    expect(output.status).toBe(409);
    expect(await output.json()).toMatchObject({ code: 'not-ready' });
    const ends = (await client.history(id)).filter(({ type }) => /completed|failed|cancelled/.test(type));
    expect(ends).toHaveLength(1);
  }

  it('no audio', async () => expectFailure(await makeMedia('mp4-no-audio'), 'no-audio'));
  it('encrypted', async () => expectFailure(await makeMedia('mp4-encrypted'), 'encrypted'));
  it.each(['mp4-aac', 'mkv-opus'] as const)('%s, cut off', async (kind) =>
    expectFailure(await cutMedia(await makeMedia(kind, { seconds: 10 }), 0.6), 'truncated'),
  );
  it.each(Object.keys(disguises))('%s in disguise, which reads no other file', async (disguise) => {
    const canary = await makeMedia('wav', { seconds: 3 });
    const text = disguises[disguise]?.(canary) ?? '';
    await expectFailure(await fileOf('video.mp4', text), 'not-media');
  });
});

describe('a conversion that is cancelled', () => {
  it('stops, and refuses to be cancelled again', async () => {
    const upload = await client.upload(await makeMedia('mov-pcm', { seconds: 240 }));
    const id = await client.convert(upload.id);
    for await (const { type } of client.follow(id)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    const cancelled = await client.postJson(`/v1/conversions/${id}/cancel`, {});
    expect(await cancelled.json()).toMatchObject({ status: 'cancelled' });
    const again = await client.postJson(`/v1/conversions/${id}/cancel`, {});
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'conversion-finished' });
    expect(await client.status(id)).toMatchObject({ status: 'cancelled', output: null });
  });
});
