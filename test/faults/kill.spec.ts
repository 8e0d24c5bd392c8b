import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CrashPoint } from '#crash-points';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

let video: string;
let reference: string;

beforeAll(async () => {
  video = await makeMedia('mov-pcm', { seconds: 30 });
  await using folder = await temporaryFolder();
  const system = await System.start(join(folder.path, 'data'));
  const client = await Client.register(system.url);
  const { id } = await client.upload(video);
  reference = sha256(await convertAndDownload(client, id));
  await system.stop();
});

afterAll(removeTestMedia);

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function convertAndDownload(client: Client, uploadId: string): Promise<Buffer> {
  const id = await client.convert(uploadId);
  expect(await client.end(id)).toMatchObject({ status: 'completed' });
  return client.download(id);
}

/** What must hold after any crash: one end, the right bytes, no gap in the history, nothing left in the work folder. */
async function expectWhole(client: Client, id: string, dataFolder: string): Promise<void> {
  expect(await client.end(id)).toMatchObject({ status: 'completed' });
  const history = await client.history(id);
  expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index));
  expect(history.filter(({ type }) => /completed|failed|cancelled/.test(type))).toHaveLength(1);
  expect(sha256(await client.download(id))).toBe(reference);
  expect(await readdir(join(dataFolder, 'work'))).toEqual([]);
  expect(await readdir(join(dataFolder, 'blobs', 'incoming'))).toEqual([]);
}

describe('a process that is killed while it converts', () => {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  afterAll(() => Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]())));

  async function dataFolder(): Promise<string> {
    const folder = await temporaryFolder();
    folders.push(folder);
    return join(folder.path, 'data');
  }

  it.each<[CrashPoint, number]>([
    ['actor.before-append', 0],
    ['actor.before-append', 2],
    ['actor.appended', 0],
    ['actor.appended', 1],
    ['actor.appended', 3],
    ['encoder.claimed', 0],
    ['encoder.claimed', 1],
    ['encoder.result-stored', 0],
    ['encoder.result-stored', 1],
    ['encoder.result-stored', 2],
    ['events.handled-before-checkpoint', 2],
  ])('at %s, passed %i times before, goes on where it was', async (point, passes) => {
    const data = await dataFolder();
    const first = await System.start(data, { CRASH_AT: `${point}:${passes}` });
    const client = await Client.register(first.url);
    const key = 'the-key';
    // The crash may come before any of these is answered: the client then asks again, as clients do.
    const uploadId = await client.upload(video).then(
      ({ id }) => id,
      () => null,
    );
    if (uploadId !== null) await client.convert(uploadId, {}, key).catch(() => null);
    await first.ended();
    const second = await System.start(data);
    client.url = second.url;
    const upload = uploadId ?? (await client.upload(video)).id;
    const id = await client.convert(upload, {}, key);
    await expectWhole(client, id, data);
    expect(await second.stop()).toBe(0);
  });

  it.each([
    'mixdown.conversion.requested.v1',
    'mixdown.conversion.started.v1',
    'mixdown.conversion.source-inspected.v1',
    'mixdown.conversion.segment-encoded.v1',
    'mixdown.conversion.completed.v1',
  ])('when it has told of %s, goes on where it was', async (moment) => {
    const data = await dataFolder();
    const first = await System.start(data);
    const client = await Client.register(first.url);
    const { id: uploadId } = await client.upload(video);
    const id = await client.convert(uploadId);
    for await (const { type } of client.follow(id)) if (type === moment) break;
    await first.kill();
    const second = await System.start(data);
    client.url = second.url;
    await expectWhole(client, id, data);
    expect(await second.stop()).toBe(0);
  });
});

describe('a process that is killed while it takes an upload', () => {
  it.each<[CrashPoint]>([['upload.blob-renamed'], ['upload.before-append'], ['upload.appended']])(
    'at %s, keeps what it acknowledged and nothing that misleads',
    async (point) => {
      await using folder = await temporaryFolder();
      const data = join(folder.path, 'data');
      const first = await System.start(data, { CRASH_AT: `${point}:1` });
      const client = await Client.register(first.url);
      const acknowledged = await client.upload(video);
      await expect(client.upload(video)).rejects.toThrow();
      await first.ended();
      const second = await System.start(data);
      client.url = second.url;
      expect((await client.fetch(`/v1/uploads/${acknowledged.id}`)).status).toBe(200);
      expect(sha256(await convertAndDownload(client, acknowledged.id))).toBe(reference);
      expect(await second.stop()).toBe(0);
    },
  );
});

describe('a process that is killed while it deletes', () => {
  it.each<[CrashPoint, number, 'uploads' | 'conversions']>([
    ['actor.before-append', 0, 'conversions'],
    ['actor.appended', 0, 'conversions'],
    ['events.handled-before-checkpoint', 0, 'conversions'],
    ['actor.before-append', 0, 'uploads'],
    ['actor.appended', 0, 'uploads'],
    ['events.handled-before-checkpoint', 0, 'uploads'],
    ['events.handled-before-checkpoint', 1, 'uploads'],
  ])('at %s, passed %i times before, clears the rest away of %s', async (point, passes, what) => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    const first = await System.start(data);
    const client = await Client.register(first.url);
    const { id: uploadId } = await client.upload(video);
    const conversionId = await client.convert(uploadId);
    await client.end(conversionId);
    expect(await first.stop()).toBe(0);
    const path = what === 'uploads' ? `/v1/uploads/${uploadId}` : `/v1/conversions/${conversionId}`;
    const second = await System.start(data, { CRASH_AT: `${point}:${passes}` });
    client.url = second.url;
    // The crash may come before it is answered: the client then asks again, as clients do.
    const answered = await client.fetch(path, { method: 'DELETE' }).then(
      ({ status }) => status === 204,
      () => false,
    );
    await second.ended();
    const third = await System.start(data);
    client.url = third.url;
    if (!answered) expect((await client.fetch(path, { method: 'DELETE' })).status).toBe(204);
    expect((await client.fetch(path)).status).toBe(404);
    const blobs = async () => {
      const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).length;
    };
    // One of two stays: the upload, or the output.
    await vi.waitFor(async () => expect(await blobs()).toBe(1), { timeout: 30_000, interval: 100 });
    expect(await third.stop()).toBe(0);
  });
});

describe('a process that is asked to end', () => {
  it('hands back what it is working on, and its successor finishes it', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    const long = await makeMedia('mov-pcm', { seconds: 300 });
    const first = await System.start(data, { SHUTDOWN_GRACE_SECONDS: '2' });
    const client = await Client.register(first.url);
    const { id: uploadId } = await client.upload(long);
    const id = await client.convert(uploadId);
    for await (const { type } of client.follow(id)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    expect(await first.stop()).toBe(0);
    const second = await System.start(data);
    client.url = second.url;
    expect(await client.end(id)).toMatchObject({ status: 'completed', attempts: 0 });
    expect(await second.stop()).toBe(0);
  });

  it('refuses a second process on its data, in a sentence', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    const first = await System.start(data);
    await expect(System.start(data)).rejects.toThrow(/in use|already/i);
    expect(await first.stop()).toBe(0);
  });
});
