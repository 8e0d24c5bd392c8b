import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountStates, type ConversionEvent } from '#contracts';
import { accessTokenSeconds } from '#http';
import { intervals, limits } from './limits.ts';
import { happened, type LiveApp, startLive, until } from './live-app.contract.ts';

let app: LiveApp;
beforeEach(async () => {
  app = await startLive();
});
afterEach(() => app[Symbol.asyncDispose]());

const closedWith = (code: number) => app.figure(`mixdown_live_closed_total{code="${code}"}`);

describe('a reader who takes nothing', () => {
  const kibibyte = 'x'.repeat(1_024);
  const tries = (from: number, count: number): ConversionEvent[] =>
    Array.from({ length: count }, (_, n) => happened.tried(from + n, kibibyte));

  /** More than the system itself keeps for a reader: the history of a conversion that was tried 12,000 times. */
  async function longHistory(): Promise<string> {
    const id = await app.append(randomUUID(), app.requested(), happened.started);
    for (let batch = 0; batch < 16; batch += 1) await app.append(id, ...tries(batch * 750 + 1, 750));
    return id;
  }

  /** How many events were told when, however often one looks, no more are: the system's own buffers are full. */
  async function stuckAt(): Promise<number> {
    let told = -1;
    let looks = 0;
    await until(async () => {
      const now = await app.figure('mixdown_live_messages_total{type="event"}');
      looks = now === told ? looks + 1 : 0;
      told = now;
      return looks === 200;
    });
    return told;
  }

  it('is sent away, and finds everything when it comes back', async () => {
    const id = await longHistory();
    const client = await app.connect();
    client.say({ subscribe: { conversion: id, fromRevision: 0 } });
    await client.next('event');
    client.socket.pause();
    const told = await stuckAt();
    expect(told).toBeLessThan(12_000);
    await app.clock.advance(limits.behindMilliseconds);
    const closed = client.closed();
    client.socket.resume();
    expect(await closed).toEqual([1013, 'too far behind: connect again and go on from your revision']);
    const heard = client.heard.filter(({ type }) => type === 'event').map(({ event }) => event?.revision ?? -1);
    expect(heard).toEqual(heard.map((_, index) => index));

    const again = await app.connect();
    again.say({ subscribe: { conversion: id, fromRevision: heard.length } });
    expect(await again.next('event')).toMatchObject({ event: { revision: heard.length } });
    await again.next('conversion', ({ revision }) => revision === 12_001);
    expect(again.heard.filter(({ type }) => type === 'event')).toHaveLength(12_002 - heard.length);
  });

  it('is told only the latest of each conversion', async () => {
    const [long, id] = [await longHistory(), await app.append(randomUUID(), app.requested())];
    const client = await app.connect();
    client.say({ subscribe: { conversion: id } });
    await client.next('conversion');
    client.say({ subscribe: { conversion: long, fromRevision: 0 } });
    await client.next('event');
    client.socket.pause();
    await app.append(id, happened.started);
    await app.append(id, ...tries(1, 9));
    await until(async () => (await app.figure('mixdown_live_coalesced_total')) >= 9);
    client.socket.resume();
    await client.next('conversion', (heard) => heard.id === id && heard.revision === 10);
    const told = client.heard.filter((heard) => heard.type === 'conversion' && heard.id === id);
    expect(told.map(({ revision }) => revision)).toEqual([0, 10]);
  });
});

it('a token that expires ends its connection', async () => {
  const client = await app.connect();
  const closed = client.closed();
  await app.clock.advance((accessTokenSeconds - 5) * 1_000);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  await app.clock.advance(10_000);
  expect(await closed).toEqual([4401, 'the token has expired: connect again with a new one']);
  await until(async () => (await closedWith(4401)) === 1);
});

it('a user who is out is out within five seconds', async () => {
  const [client, other] = [await app.connect(), await app.connect({ token: app.token(randomUUID()) })];
  const closed = client.closed();
  await app.documents.insert(accountStates, app.userId, { status: 'erased' });
  await app.clock.advance(5_000);
  expect(await closed).toEqual([4403, 'the credential is no longer valid: log in again']);
  expect(other.socket.readyState).toBe(other.socket.OPEN);
});

it('a peer that does not answer is dead, one that does is not', async () => {
  const [dead, alive] = [await app.connect({ token: app.token(), autoPong: false }), await app.connect()];
  const closed = dead.closed();
  const [asked] = [once(alive.socket, 'ping'), once(dead.socket, 'ping')];
  await app.clock.advance(intervals.heartbeat);
  await asked;
  alive.socket.ping();
  await once(alive.socket, 'pong');
  await app.clock.advance(intervals.heartbeat);
  expect((await closed)[0]).toBe(1006);
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  expect(await app.figure('mixdown_live_connections')).toBe(1);
});

it('a service that closes says so to everybody, and then ends', async () => {
  const clients = [await app.connect(), await app.connect()];
  const closed = clients.map((client) => client.closed());
  const ended = app.close();
  const restart = [1012, 'the service restarts: connect again and go on from your revision'];
  expect(await Promise.all(closed)).toEqual([restart, restart]);
  await ended;
  await until(async () => (await closedWith(1012)) === 2);
});

it('a service that closes does not wait for those who do not read', async () => {
  const client = await app.connect();
  client.socket.pause();
  await app.close();
  client.socket.terminate();
});
