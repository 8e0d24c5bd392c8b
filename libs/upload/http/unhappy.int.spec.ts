import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundary, file, formType } from './form.contract.ts';
import { limits } from './limits.ts';
import { RawHttp } from './raw-http.contract.ts';
import { startUploads, type UploadApp, until } from './upload-app.contract.ts';

const { bytes: leastBytes, milliseconds } = limits.minimumProgress;
const beginningOfForm = file('some of it').slice(0, -2);
let app: UploadApp;
beforeEach(async () => {
  app = await startUploads({ UPLOAD_CONCURRENCY: '1' });
});
afterEach(() => app[Symbol.asyncDispose]());

function figureIs(name: string, value: number): Promise<void> {
  return until(async () => (await app.figure(name)) === value);
}

function somethingIsStored(): Promise<void> {
  return until(async () => (await app.files()).length > 0);
}

async function begin(contentType: string, length: number, ...more: readonly string[]): Promise<RawHttp> {
  const client = await RawHttp.open(app.port);
  const headers = [`Authorization: Bearer ${app.token}`, `Content-Type: ${contentType}`, `Content-Length: ${length}`];
  return client.head('POST /v1/uploads', ...headers, ...more);
}

async function uploadOne(): Promise<number> {
  const headers = { authorization: `Bearer ${app.token}`, 'content-type': 'video/mp4' };
  const response = await fetch(`${app.url}/v1/uploads`, { method: 'POST', headers, body: 'x' });
  await response.text();
  return response.status;
}

describe.each([
  ['a form', formType, beginningOfForm],
  ['a raw body', 'video/mp4', 'some of it'],
])('%s', (_, contentType, beginning) => {
  it('whose client goes away leaves nothing, and its place is free', async () => {
    const client = (await begin(contentType, 1_000_000)).send(beginning);
    await figureIs('mixdown_uploads_in_flight', 1);
    await somethingIsStored();
    client.socket.destroy();
    await figureIs('mixdown_uploads_in_flight', 0);
    expect(await app.figure('mixdown_uploads_refused_total{reason="client-gone"}')).toBe(1);
    expect(await app.files()).toEqual([]);
    expect(await app.events()).toEqual([]);
    expect(await uploadOne()).toBe(201);
  });

  it('that stops half way is told so, and leaves nothing', async () => {
    const client = (await begin(contentType, 1_000_000)).send(beginning);
    await figureIs('mixdown_uploads_in_flight', 1);
    await somethingIsStored();
    await app.clock.advance(milliseconds);
    expect(await client.answer()).toEqual([408, 'upload-too-slow']);
    expect(await app.files()).toEqual([]);
    expect(await app.figure('mixdown_uploads_in_flight')).toBe(0);
    client.socket.destroy();
  });

  it('that goes on, however long it takes, is not too slow', async () => {
    const client = (await begin(contentType, 4 * leastBytes + 1_000_000)).send(beginning);
    await figureIs('mixdown_uploads_in_flight', 1);
    for (let times = 0; times < 4; times += 1) {
      const before = client.socket.bytesWritten;
      client.send(Buffer.alloc(leastBytes));
      await until(() => app.bytesRead() >= before + leastBytes);
      await app.clock.advance(milliseconds);
    }
    expect(await app.figure('mixdown_uploads_in_flight')).toBe(1);
    client.socket.destroy();
  });
});

describe('when all places are taken', () => {
  it('an upload waits, is not asked for its body, does not become slow, and gets in', async () => {
    const inside = (await begin('video/mp4', 2)).send('x');
    await figureIs('mixdown_uploads_in_flight', 1);
    const waiting = await begin('video/mp4', 1, 'Expect: 100-continue');
    await figureIs('mixdown_uploads_waiting', 1);
    await app.clock.advance(limits.longestWaitMilliseconds - 1);
    inside.send('x');
    await inside.until(/201 Created/);
    await waiting.until(/^HTTP\/1\.1 100 Continue/);
    await app.clock.advance(milliseconds - 1);
    waiting.send('x');
    await waiting.until(/201 Created/);
    for (const { socket } of [inside, waiting]) socket.destroy();
  });

  it('an upload that waits too long, or finds too many waiting, is told when to come back', async () => {
    const inside = (await begin('video/mp4', 1_000_000)).send(Buffer.alloc(leastBytes));
    await until(() => app.bytesRead() > leastBytes);
    await figureIs('mixdown_uploads_in_flight', 1);
    const waiting = await Promise.all(Array.from({ length: limits.waitingPerPlace }, () => begin('video/mp4', 1)));
    await figureIs('mixdown_uploads_waiting', limits.waitingPerPlace);
    const oneTooMany = await begin('video/mp4', 1);
    expect(await oneTooMany.answer()).toEqual([503, 'busy']);
    expect(await oneTooMany.until(/./)).toMatch(/\r\nRetry-After: ([1-9]|[12]\d|30)\r\n/);
    await app.clock.advance(limits.longestWaitMilliseconds);
    for (const client of waiting) expect(await client.answer()).toEqual([503, 'busy']);
    for (const { socket } of [inside, oneTooMany, ...waiting]) socket.destroy();
  });

  it('one that goes away while it waits is forgotten', async () => {
    const inside = (await begin('video/mp4', 2)).send('x');
    await figureIs('mixdown_uploads_in_flight', 1);
    const waiting = await begin('video/mp4', 1);
    await figureIs('mixdown_uploads_waiting', 1);
    waiting.socket.destroy();
    await figureIs('mixdown_uploads_waiting', 0);
    inside.send('x');
    await inside.until(/201 Created/);
    inside.socket.destroy();
    expect(await uploadOne()).toBe(201);
  });
});

describe.each([
  ['keep-alive', '/v1/uploads', [401, 'unauthenticated']],
  ['close', '/v1/uploads', [401, 'unauthenticated']],
  ['keep-alive', '/v1/uploads/no/such/route', [404, 'not-found']],
])('a client (Connection: %s) that sends on after it was refused at %s', (connection, path, answer) => {
  const bodyBytes = 4 * 1024 * 1024;
  const { unreadMilliseconds, milliseconds } = limits.lingering;

  async function refused(): Promise<RawHttp> {
    const client = await RawHttp.open(app.port);
    client.head(`POST ${path}`, 'Content-Type: a/b', `Content-Length: ${bodyBytes}`, `Connection: ${connection}`);
    client.send(Buffer.alloc(bodyBytes));
    expect(await client.answer()).toEqual(answer);
    await until(() => app.clock.sleeping === 1);
    return client;
  }

  it('is not cut off while it sends, and can read its answer', async () => {
    const client = await refused();
    // More turns than reading all of it would take.
    for (let turn = 0; turn < 1_000; turn += 1) await new Promise(setImmediate);
    expect(app.bytesRead()).toBeLessThan(bodyBytes / 2);
    await app.clock.advance(unreadMilliseconds);
    await until(() => app.bytesRead() > bodyBytes);
    client.socket.end();
    await client.closed();
    expect(client.error).toBeNull();
  });

  it('is cut off at last', async () => {
    const client = await refused();
    await app.clock.advance(unreadMilliseconds + milliseconds);
    await until(() => app.connections() === 0);
    client.socket.destroy();
  });
});

it('a boundary in the middle of chunks is found', async () => {
  const client = await RawHttp.open(app.port);
  const body = `${file('abc')}--${boundary}--\r\n`;
  client.head(
    'POST /v1/uploads',
    `Authorization: Bearer ${app.token}`,
    `Content-Type: ${formType}`,
    `Content-Length: ${body.length}`,
  );
  client.socket.setNoDelay(true);
  for (const character of body) {
    client.send(character);
    await new Promise(setImmediate);
  }
  expect(await client.until(/}$/)).toMatch(/201 Created[\s\S]*"bytes":3,/);
  client.socket.destroy();
});
