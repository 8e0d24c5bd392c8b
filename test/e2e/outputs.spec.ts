import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, removeTestMedia, sampleCountOf } from '#testing/media';
import { Client, expectOk } from '../support/client.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { System, temporaryFolder } from '../support/system.ts';

const publicUrl = 'https://mixdown.example.org';

let system: System;
let client: Client;
let video: string;
let id: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'), { PUBLIC_URL: publicUrl });
  client = await Client.register(system.url);
  video = await makeMedia('mov-pcm', { seconds: 3 });
  id = await client.convert((await client.upload(video)).id);
  await client.end(id);
});

afterAll(async () => {
  expect(await system.stop()).toBe(0);
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

async function link(expiresIn: number): Promise<{ readonly url: string; readonly expiresAt: string }> {
  const response = await expectOk(client.postJson(`/v1/outputs/${id}/links`, { expiresIn }));
  expect(response.status).toBe(201);
  const made = (await response.json()) as { url: string; expiresAt: string };
  expect(response.headers.get('location')).toBe(made.url);
  expect(made.url).toMatch(new RegExp(`^${publicUrl}/v1/outputs/${id}/file\\?sig=`));
  return { ...made, url: made.url.replace(publicUrl, system.url) };
}

describe('a signed link', () => {
  it('is the file, without a token, whole and in part', async () => {
    const { url, expiresAt } = await link(60);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const whole = await expectOk(fetch(url));
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes).toEqual(await client.download(id));
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(10, 20)]);
    const fresh = await fetch(url, {
      headers: { 'if-none-match': whole.headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
    });
    expect(fresh.status).toBe(304);
    expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe(String(bytes.length));
  });

  it('opens nothing when its time is over, and nothing else at any time', async () => {
    const { url, expiresAt } = await link(1);
    const other = await client.convert((await client.upload(video)).id);
    await client.end(other);
    while (Date.now() < Date.parse(expiresAt)) await new Promise(setImmediate);
    await expectProblem(await fetch(url), 403, 'invalid-link');
    const good = (await link(60)).url;
    for (const wrong of [good.slice(0, -2), good.replace(id, other), good.replace(/sig=.*/, ''), `${good}&sig=1`]) {
      await expectProblem(await fetch(wrong), 403, 'invalid-link');
    }
    const { search } = new URL(good);
    await expectProblem(await fetch(`${system.url}/v1/outputs/${id}${search}`), 401, 'unauthenticated');
    const signature = new URL(good).searchParams.get('sig') ?? '';
    expect(JSON.stringify(system.log)).not.toContain(signature);
  });
});

describe('a proof', () => {
  it('adds up, and is about the file that is downloaded', async () => {
    const proof = (await (await expectOk(client.fetch(`/v1/conversions/${id}/proof`))).json()) as {
      source: { declaredSamples: number };
      plan: { segments: number };
      segments: { index: number; samples: number; sha256: string }[];
      output: { samples: number; sha256: string; bytes: number; encoderDelay: number; encoderPadding: number };
      stream: { revision: number; type: string }[];
    };
    const bytes = await client.download(id);
    const { output, segments, stream, plan } = proof;
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(output.sha256);
    expect(bytes.length).toBe(output.bytes);
    expect(segments.map(({ index }) => index)).toEqual(Array.from({ length: plan.segments }, (_, index) => index));
    expect(segments.reduce((sum, { samples }) => sum + samples, 0)).toBe(output.samples);
    expect([output.samples, proof.source.declaredSamples]).toEqual([await sampleCountOf(video), output.samples]);
    // Layer III frames of MPEG-1 are 1,152 samples long: what is played and what is not fill them.
    expect((output.samples + output.encoderDelay + output.encoderPadding) % 1_152).toBe(0);
    expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, index) => index));
    expect((await client.history(id)).map(({ type }) => type)).toEqual(stream.map(({ type }) => type));
  });

  it('is not there before the end, nor after another end', async () => {
    const long = await client.upload(await makeMedia('mov-pcm', { seconds: 240 }));
    const goingOn = await client.convert(long.id);
    const early = await client.fetch(`/v1/conversions/${goingOn}/proof`);
    expect(early.headers.get('retry-after')).not.toBeNull();
    await expectProblem(early, 409, 'not-ready');
    await expectOk(client.postJson(`/v1/conversions/${goingOn}/cancel`, {}));
    const late = await client.fetch(`/v1/conversions/${goingOn}/proof`);
    expect(late.headers.get('retry-after')).toBeNull();
    await expectProblem(late, 409, 'not-ready');
  });
});
