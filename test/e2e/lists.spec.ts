import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client, expectOk, type Status } from '../support/client.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { System, temporaryFolder } from '../support/system.ts';

const patience = { timeout: 30_000, interval: 100 };

let system: System;
let client: Client;
let other: Client;
let video: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'));
  client = await Client.register(system.url);
  other = await Client.register(system.url);
  video = await makeMedia('mp4-aac', { seconds: 2 });
});

afterAll(async () => {
  expect(await system.stop()).toBe(0);
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

interface Page {
  readonly items: readonly Status[];
  readonly next: string | null;
}

async function page(path: string, as = client): Promise<Page & { readonly link: string | null }> {
  const response = await expectOk(as.fetch(path));
  return { ...((await response.json()) as Page), link: response.headers.get('link') };
}

/** Every page, one after the other, as `Link` says. */
async function all(path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at: string | undefined = path; at !== undefined; ) {
    const { items, next, link } = await page(at);
    ids.push(...items.map(({ id }) => id));
    at = link?.match(/^<([^>]+)>; rel="next"$/)?.[1];
    expect(at === undefined).toBe(next === null);
  }
  return ids;
}

const remove = (path: string, as = client) => as.fetch(path, { method: 'DELETE' });

describe('lists', () => {
  it('tell of conversions as each would tell of itself, newest first, page by page', async () => {
    const { id: uploadId } = await client.upload(video);
    const ids: string[] = [];
    for (const episode of ['1', '2', '3', '4', '5']) {
      ids.push(await client.convert(uploadId, { preset: 'speech', metadata: { episode } }));
      await client.end(ids.at(-1) ?? '');
    }
    const bad = await client.upload(await makeMedia('mp4-no-audio'), 'mp3');
    const failed = bad.conversion?.id ?? '';
    await client.end(failed);
    const newestFirst = [failed, ...ids.toReversed()];
    await vi.waitFor(async () => {
      expect(await all('/v1/conversions?limit=2')).toEqual(newestFirst);
      expect(await all('/v1/conversions?status=completed&limit=2')).toEqual(ids.toReversed());
      expect(await all('/v1/conversions?status=failed')).toEqual([failed]);
      expect(await all(`/v1/conversions?uploadId=${uploadId}&limit=5`)).toEqual(ids.toReversed());
      expect(await all(`/v1/conversions?uploadId=${uploadId}&status=failed`)).toEqual([]);
      expect((await page('/v1/conversions')).items[1]).toEqual(await client.status(ids.at(-1) ?? ''));
      expect(await all('/v1/uploads?limit=1')).toEqual([bad.id, uploadId]);
    }, patience);
    expect((await page('/v1/uploads')).items[1]).toEqual(await (await client.fetch(`/v1/uploads/${uploadId}`)).json());
    for (const list of ['conversions', 'uploads']) expect((await page(`/v1/${list}`, other)).items).toEqual([]);
  });

  it('take no cursor of another list', async () => {
    const { next } = await vi.waitFor(async () => {
      const first = await page('/v1/conversions?limit=1');
      expect(first.next).not.toBeNull();
      return first;
    }, patience);
    for (const path of ['/v1/uploads?', '/v1/conversions?status=failed&']) {
      const problem = await expectProblem(await client.fetch(`${path}cursor=${next}`), 400, 'invalid-request');
      expect(problem.errors).toMatchObject([{ pointer: '/cursor' }]);
    }
    await expectProblem(await other.fetch(`/v1/conversions?cursor=${next}`), 400, 'invalid-request');
  });
});

describe('a retry', () => {
  it('is the same order as a conversion of its own, once for each Idempotency-Key', async () => {
    const { id: uploadId } = await client.upload(await makeMedia('mp4-no-audio'));
    const order = { preset: 'speech', priority: 'high', metadata: { episode: '7' } };
    const failed = await client.convert(uploadId, order);
    await client.end(failed);
    const retry = (key?: string) =>
      client.postJson(`/v1/conversions/${failed}/retry`, {}, key === undefined ? {} : { 'idempotency-key': key });
    const response = await retry('again');
    const retried = (await response.json()) as Status;
    expect([response.status, response.headers.get('location')]).toEqual([202, `/v1/conversions/${retried.id}`]);
    expect(retried).toMatchObject({
      ...{ uploadId, retryOf: failed, priority: 'high', metadata: { episode: '7' } },
      settings: { channels: 1 },
    });
    expect(await client.end(retried.id)).toMatchObject({ status: 'failed', error: { code: 'no-audio' } });
    expect(((await (await retry('again')).json()) as Status).id).toBe(retried.id);
    const [one, two] = [(await (await retry()).json()) as Status, (await (await retry()).json()) as Status];
    expect(new Set([failed, retried.id, one.id, two.id]).size).toBe(4);
    const reused = await client.postJson('/v1/conversions', { uploadId }, { 'idempotency-key': 'again' });
    await expectProblem(reused, 422, 'idempotency-key-reused');
  });

  it('is refused without its upload, or where nothing has failed', async () => {
    const upload = await client.upload(await makeMedia('mp4-no-audio'), 'mp3');
    const failed = upload.conversion?.id ?? '';
    await client.end(failed);
    await expectOk(remove(`/v1/uploads/${upload.id}`));
    await expectProblem(await client.postJson(`/v1/conversions/${failed}/retry`, {}), 410, 'expired');
    const done = await client.convert((await client.upload(video)).id);
    await client.end(done);
    await expectProblem(await client.postJson(`/v1/conversions/${done}/retry`, {}), 409, 'conversion-not-failed');
  });
});

describe('a deleted conversion', () => {
  it('is gone with its output, its links and its entry, again and again', async () => {
    const id = await client.convert((await client.upload(video)).id, { metadata: { a: 'b' } }, 'to-be-deleted');
    await client.end(id);
    const link = (await (await client.postJson(`/v1/outputs/${id}/links`, { expiresIn: 60 })).json()) as {
      url: string;
    };
    expect((await fetch(link.url)).status).toBe(200);
    for (let time = 0; time < 2; time += 1) expect((await remove(`/v1/conversions/${id}`)).status).toBe(204);
    for (const path of ['', '/events', '/proof']) {
      await expectProblem(await client.fetch(`/v1/conversions/${id}${path}`), 404, 'not-found');
    }
    await expectProblem(await client.fetch(`/v1/outputs/${id}`), 410, 'expired');
    await expectProblem(await fetch(link.url), 410, 'expired');
    await vi.waitFor(async () => expect(await all('/v1/conversions')).not.toContain(id), patience);
  });

  it('is cancelled first if it goes on', async () => {
    const upload = await client.upload(await makeMedia('mov-pcm', { seconds: 240 }));
    const id = await client.convert(upload.id);
    for await (const { type } of client.follow(id)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    await expectOk(remove(`/v1/conversions/${id}`));
    await vi.waitFor(async () => {
      expect(await (await fetch(`${system.url}/metrics`)).text()).toMatch(/^mixdown_encoder_slots_busy 0$/m);
    }, patience);
  });
});

describe('a deleted upload', () => {
  it('is gone; what goes on of it is cancelled, and outputs stay', async () => {
    const upload = await client.upload(await makeMedia('mov-pcm', { seconds: 240 }));
    const done = await client.convert(upload.id, { settings: { trim: { end: 1 } } });
    await client.end(done);
    const goingOn = await client.convert(upload.id);
    for await (const { type } of client.follow(goingOn)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    for (let time = 0; time < 2; time += 1) expect((await remove(`/v1/uploads/${upload.id}`)).status).toBe(204);
    await expectProblem(await client.fetch(`/v1/uploads/${upload.id}`), 404, 'not-found');
    await expectProblem(await client.postJson('/v1/conversions', { uploadId: upload.id }), 410, 'expired');
    expect(await client.end(goingOn)).toMatchObject({ status: 'cancelled' });
    expect((await client.history(goingOn)).at(-1)?.data).toEqual({ reason: 'upload-deleted' });
    expect((await client.download(done)).length).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await all('/v1/uploads')).not.toContain(upload.id), patience);
  });

  it('still answers for what was asked with a key before', async () => {
    const { id: uploadId } = await client.upload(video);
    const id = await client.convert(uploadId, { preset: 'mp3' }, 'before-it-went');
    await client.end(id);
    await expectOk(remove(`/v1/uploads/${uploadId}`));
    expect(await client.convert(uploadId, { preset: 'mp3' }, 'before-it-went')).toBe(id);
  });
});
