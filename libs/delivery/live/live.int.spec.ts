import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uploadConversions } from '#contracts';
import { happened, type LiveApp, startLive } from './live-app.contract.ts';
import type { Heard, LiveClient } from './live-client.contract.ts';

let app: LiveApp;
beforeEach(async () => {
  app = await startLive();
});
afterEach(() => app[Symbol.asyncDispose]());

const { started, cancelled, deleted, tried } = happened;
const begin = (userId?: string) => app.append(randomUUID(), app.requested(userId));

async function subscribed(id: string, fromRevision?: number): Promise<LiveClient> {
  const client = await app.connect();
  client.say({ subscribe: { conversion: id, ...(fromRevision === undefined ? {} : { fromRevision }) } });
  await client.next('subscribed', ({ to }) => to === id);
  return client;
}

const revisions = (heard: readonly Heard[]) =>
  heard.filter(({ type }) => type === 'event').map(({ event }) => event?.revision);

describe('who watches one conversion', () => {
  it('is told how it is, and of each change', async () => {
    const id = await begin();
    await app.keepMetadata(id, { episode: '12' });
    const client = await subscribed(id);
    expect(await client.next('conversion')).toMatchObject({
      ...{ id, status: 'queued', revision: 0, metadata: { episode: '12' } },
      phases: { inspect: { status: 'waiting', percent: 0 } },
    });
    await app.append(id, started);
    expect(await client.next('conversion')).toMatchObject({ id, status: 'running', revision: 1 });
    await app.append(id, cancelled);
    expect(await client.next('conversion')).toMatchObject({ status: 'cancelled', metadata: { episode: '12' } });
  });

  it('hears nothing of others, nor after unsubscribing', async () => {
    const [id, other] = [await begin(), await begin()];
    const client = await subscribed(id);
    await app.append(other, started);
    client.say({ unsubscribe: { conversion: id } });
    await client.next('unsubscribed', ({ to }) => to === id);
    await app.append(id, started);
    client.say({ subscribe: { conversion: other } });
    await client.next('conversion');
    expect(client.heard.map((heard) => [heard.type, heard.id, heard.revision])).toEqual([
      ['subscribed', undefined, undefined],
      ['conversion', id, 0],
      ['unsubscribed', undefined, undefined],
      ['subscribed', undefined, undefined],
      ['conversion', other, 1],
    ]);
  });

  it('is told progress at most twice a second, and then the latest', async () => {
    const id = await app.append(randomUUID(), app.requested(), started);
    const client = await subscribed(id);
    for (const percent of [10, 20, 30]) await app.progress(id, percent);
    expect(await client.next('progress')).toMatchObject({ id, phases: { inspect: { percent: 10 } }, eta: 1 });
    await app.clock.advance(1_000);
    expect(await client.next('progress')).toMatchObject({ id, phases: { inspect: { percent: 30 } } });
    await app.append(id, tried(1, ''));
    await client.next('conversion', ({ revision }) => revision === 2);
    expect(client.heard.filter(({ type }) => type === 'progress')).toHaveLength(2);
  });

  it('is told each event from a revision on, and goes on live', async () => {
    const id = await app.append(randomUUID(), app.requested(), started, tried(1, 'a'));
    const client = await subscribed(id, 1);
    expect(await client.next('conversion')).toMatchObject({ revision: 2 });
    expect(revisions(client.heard)).toEqual([1, 2]);
    await app.append(id, tried(2, 'b'), cancelled);
    await client.next('conversion', ({ revision }) => revision === 4);
    expect(revisions(client.heard)).toEqual([1, 2, 3, 4]);
    expect(client.heard.find(({ type }) => type === 'event')).toMatchObject({
      ...{ conversion: id, event: { type: 'mixdown.conversion.started.v1', revision: 1 } },
    });
    expect(JSON.stringify(client.heard)).not.toContain('"key"');
  });

  it('loses nothing by a connection that is lost, and is told nothing twice', async () => {
    const id = await begin();
    const before = await subscribed(id, 0);
    await app.append(id, started);
    await before.next('conversion', ({ revision }) => revision === 1);
    before.socket.terminate();
    await app.append(id, tried(1, 'while nobody looked'), tried(2, 'and again'));
    const after = await subscribed(id, 2);
    await app.append(id, cancelled);
    await after.next('conversion', ({ revision }) => revision === 4);
    expect([...revisions(before.heard), ...revisions(after.heard)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('may watch it before it has begun, if an upload’s answer named it', async () => {
    const id = randomUUID();
    await app.documents.insert(uploadConversions, id, { userId: app.userId, uploadId: randomUUID() });
    const client = await subscribed(id);
    await app.append(id, app.requested());
    expect(await client.next('conversion')).toMatchObject({ id, revision: 0 });
  });

  it('is told when it is deleted', async () => {
    const id = await begin();
    const client = await subscribed(id);
    await app.append(id, cancelled, deleted);
    expect(await client.next('deleted')).toEqual({ type: 'deleted', id, revision: 2 });
  });
});

describe('who watches all of theirs', () => {
  async function watching(after?: string): Promise<LiveClient> {
    const client = await app.connect();
    client.say({ subscribe: 'all', ...(after === undefined ? {} : { after }) });
    await client.next('subscribed', ({ to }) => to === 'all');
    return client;
  }

  it('is told of those to come, too, and of nobody else’s', async () => {
    const client = await watching();
    await begin(randomUUID());
    const id = await app.append(randomUUID(), app.requested(), started);
    expect(await client.next('conversion')).toMatchObject({ id });
    await app.progress(id, 50);
    expect(await client.next('progress')).toMatchObject({ id, phases: { inspect: { percent: 50 } } });
    expect(new Set(client.heard.map((heard) => heard.id))).toEqual(new Set([undefined, id]));
  });

  it('goes on from a cursor: what changed meanwhile is told as it is now', async () => {
    const quiet = await begin();
    const client = await watching();
    await app.append(quiet, started);
    await client.next('conversion');
    await app.clock.advance(5_000);
    const { cursor } = await client.next('cursor');
    client.socket.terminate();
    const [changed, gone] = [await begin(), await begin()];
    await app.append(changed, started, tried(1, ''));
    await app.append(gone, cancelled, deleted);
    await begin(randomUUID());
    const again = await watching(cursor);
    expect(await again.next('conversion')).toMatchObject({ id: changed, revision: 2 });
    expect(await again.next('deleted')).toMatchObject({ id: gone });
    await app.append(quiet, cancelled);
    expect(await again.next('conversion')).toMatchObject({ id: quiet, revision: 2 });
    expect(again.heard.map(({ type }) => type)).toEqual(['subscribed', 'conversion', 'deleted', 'conversion']);
  });

  it('is told once of one that it watches by itself as well', async () => {
    const id = await begin();
    const client = await watching();
    client.say({ subscribe: { conversion: id } });
    await client.next('conversion');
    await app.append(id, started);
    await app.append(id, cancelled);
    await client.next('conversion', ({ revision }) => revision === 2);
    expect(client.heard.filter(({ type }) => type === 'conversion').map(({ revision }) => revision)).toEqual([0, 1, 2]);
  });
});
