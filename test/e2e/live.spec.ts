import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { Live } from '../support/live.ts';
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
  await system.kill();
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

const hasEnded = ({ status }: { readonly status?: string }) => status === 'completed';

describe('a live connection', () => {
  it('tells of a conversion from its upload to its end', async () => {
    const live = await Live.open(client);
    live.subscribe('all');
    await live.find(({ type }) => type === 'subscribed');
    const { conversion } = await client.upload(await makeMedia('mp4-aac', { seconds: 30 }), 'mp3');
    const id = conversion?.id ?? 'none';
    live.subscribe({ conversion: id, fromRevision: 0 });
    const end = await live.find(hasEnded);
    expect(end).toEqual({ type: 'conversion', ...(await client.status(id)) });
    expect(live.events).toEqual(await client.history(id));
    const revisions = live.told.filter(({ type }) => type === 'conversion').map(({ revision }) => revision ?? -1);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    live.socket.close();
  });

  it('that is lost in the middle loses nothing to whoever comes back by revision', async () => {
    const { id: uploadId } = await client.upload(await makeMedia('mp4-aac', { seconds: 120 }));
    const id = await client.convert(uploadId, { metadata: { episode: '12' } });
    const lost = await Live.open(client);
    lost.subscribe({ conversion: id, fromRevision: 0 });
    await lost.find(({ status }) => status === 'running');
    lost.socket.terminate();
    const last = lost.events.at(-1)?.revision ?? -1;
    const back = await Live.open(client);
    back.subscribe({ conversion: id, fromRevision: last + 1 });
    expect(await back.find(hasEnded)).toMatchObject({ id, metadata: { episode: '12' }, progress: 100 });
    expect([...lost.events, ...back.events]).toEqual(await client.history(id));
    back.socket.close();
  });

  it('is told of the restart when the service ends, with work in hand', async () => {
    const { id: uploadId } = await client.upload(await makeMedia('mp4-aac', { seconds: 30 }));
    const id = await client.convert(uploadId);
    const live = await Live.open(client);
    live.subscribe({ conversion: id });
    await live.find(({ status }) => status !== undefined);
    const closed = live.closed();
    expect(await Promise.all([closed, system.stop()])).toEqual([1012, 0]);
  });
});
