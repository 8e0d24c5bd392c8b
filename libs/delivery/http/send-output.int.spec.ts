import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskBlobs } from '#blobs/disk';
import type { BlobRef } from '#contracts';
import { toProblem } from '#http';
import { sendOutput } from './send-output.ts';

const bytes = randomBytes(200_000);
const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
let folder: string;
let blob: BlobRef;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixdown-delivery-'));
  const blobs = await DiskBlobs.open(folder);
  async function* source() {
    yield bytes;
  }
  blob = await blobs.write(source(), { maxBytes: bytes.length });
  const output = { blob, samples: 44_100, sampleRate: 44_100, channels: 2, durationSeconds: 1 };
  const found = { output, fileName: 'Füße "1".mp3', finishedAt: new Date('2026-01-01T00:00:00.000Z') };
  const app = express();
  app.get('/', (request, response) => {
    sendOutput(blobs, found, request, response).catch((error: unknown) => {
      const { status, headers } = toProblem(error);
      if (response.headersSent) response.destroy();
      else response.status(status).set(headers).end();
    });
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function get(headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { method, headers });
  return { response, body: Buffer.from(await response.arrayBuffer()) };
}

describe('an output', () => {
  it('comes whole, with its hash and its name', async () => {
    const { response, body } = await get();
    expect(response.status).toBe(200);
    expect(body).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ etag, 'accept-ranges': 'bytes', 'content-type': 'audio/mpeg', 'content-length': '200000' },
    });
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]+.*"; filename\*=utf-8''F%C3%BC%C3%9Fe%20%221%22\.mp3$/i,
    );
  });

  it('has a head', async () => {
    const { response, body } = await get({}, 'HEAD');
    expect([response.status, response.headers.get('content-length'), body.length]).toEqual([200, '200000', 0]);
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-199999', 100, 200_000],
    ['bytes=199999-', 199_999, 200_000],
    ['bytes=-10', 199_990, 200_000],
    ['bytes=5-9999999', 5, 200_000],
  ])('comes in part for %s', async (range, from, to) => {
    const { response, body } = await get({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/200000`);
    expect(body).toEqual(bytes.subarray(from, to));
  });

  it.each(['bytes=200000-', 'bytes=-0'])('has no part for %s', async (range) => {
    const { response } = await get({ range });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
  });

  it.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b', 'nonsense'])('comes whole for %s', async (range) => {
    const { response, body } = await get({ range });
    expect([response.status, body.length]).toEqual([200, 200_000]);
  });

  it.each([
    [{ range: 'bytes=0-1', 'if-range': etag }, 206],
    [{ range: 'bytes=0-1', 'if-range': '"another"' }, 200],
    [{ range: 'bytes=0-1', 'if-range': `W/${etag}` }, 200],
    [{ 'if-none-match': etag, 'cache-control': 'max-age=0' }, 304],
    [{ 'if-none-match': '"another"' }, 200],
  ])('minds %j', async (headers, status) => expect((await get(headers)).response.status).toBe(status));
});

it('a damaged output never arrives whole', async () => {
  const path = join(folder, blob.key.slice(0, 2), blob.key);
  await chmod(path, 0o600);
  {
    await using file = await open(path, 'r+');
    await file.write(Buffer.from([(bytes[150_000] ?? 0) ^ 1]), 0, 1, 150_000);
  }
  await expect(get()).rejects.toThrow();
});
