import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountStates } from '#contracts';
import { limits } from './limits.ts';
import { happened, type LiveApp, startLive } from './live-app.contract.ts';
import type { LiveClient, LiveClientOptions } from './live-client.contract.ts';

let app: LiveApp;
beforeAll(async () => {
  app = await startLive({ CORS_ORIGINS: 'https://app.example.org', PUBLIC_URL: 'https://mixdown.example.org/base' });
});
afterAll(() => app[Symbol.asyncDispose]());

/** With headers that clients of WebSocket and fetch keep for themselves. */
async function ask(method: string, headers: Readonly<Record<string, string>>) {
  const outgoing = request(`${app.url}/v1/live`, { method, headers }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}
const withToken = (more: LiveClientOptions = {}): LiveClientOptions => ({ token: app.token(), ...more });
const protocols = (...names: readonly string[]): LiveClientOptions => ({ protocols: names });
const origin = (name: string) => withToken({ headers: { origin: name } });

describe('a connection is refused before it is one', () => {
  it.each<[string, () => LiveClientOptions, number, string, RegExp]>([
    ['without a token', () => ({}), 401, 'unauthenticated', /Authorization/],
    ['with a bad token', () => ({ token: 'a.b.c' }), 401, 'unauthenticated', /./],
    ['with a bad token as a subprotocol', () => protocols('mixdown.v1', 'bearer.a.b.c'), 401, 'unauthenticated', /./],
    [
      'with no token as a subprotocol',
      () => protocols('mixdown.v1', 'bearer.'),
      401,
      'unauthenticated',
      /subprotocols/,
    ],
    ['without a token, but the subprotocol', () => protocols('mixdown.v1'), 401, 'unauthenticated', /bearer/],
    [
      'without the subprotocol',
      () => protocols(`bearer.${app.token()}`),
      400,
      'invalid-request',
      /Offer .* mixdown.v1/,
    ],
    ['with Basic', () => ({ headers: { authorization: 'Basic YTpi' } }), 401, 'unauthenticated', /./],
    [
      'with a token in the URL',
      () => ({ path: `/v1/live?access_token=${app.token()}` }),
      ...([401, 'unauthenticated', /never goes into a URL/] as const),
    ],
    [
      'with a token in the URL under any name, even beside a good one',
      () => withToken({ path: `/v1/live?t=${app.token()}` }),
      ...([401, 'unauthenticated', /never goes into a URL/] as const),
    ],
    [
      'with too small a scope',
      () => ({ token: app.token(undefined, ['uploads:write']) }),
      403,
      'missing-scope',
      /read/,
    ],
    ['from a foreign page', () => origin('https://evil.example.org'), 403, 'foreign-origin', /evil/],
    ['from a page without an origin', () => origin('null'), 403, 'foreign-origin', /null/],
    ['from a page of another port', () => origin('http://127.0.0.1:1'), 403, 'foreign-origin', /127/],
    ['at another address', () => withToken({ path: '/v1/elsewhere' }), 404, 'not-found', /no WebSocket/],
    ['at an address that speaks HTTP', () => withToken({ path: '/health/live' }), 404, 'not-found', /no WebSocket/],
  ])('%s', async (_what, options, status, code, detail) => {
    const refused = await app.connect(options()).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status, problem: { code, type: `/problems/${code}`, status } });
    expect(refused).toMatchObject({ headers: { 'content-type': 'application/problem+json; charset=utf-8' } });
    if (status === 401)
      expect(refused).toMatchObject({ headers: { 'www-authenticate': expect.stringMatching(/Bearer/) } });
    if (detail.source !== '.') expect(refused).toMatchObject({ problem: { detail: expect.stringMatching(detail) } });
  });

  it.each<[string, string, Record<string, string>]>([
    ['GET', 'GET', {}],
    ['HEAD', 'HEAD', {}],
    // A wish for HTTP/2 may be ignored, but is no WebSocket.
    ['GET that would rather have HTTP/2', 'GET', { connection: 'upgrade', upgrade: 'h2c' }],
  ])('as a plain %s', async (_, method, headers) => {
    const answer = await ask(method, headers);
    expect(answer).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } });
    if (method === 'GET') expect(JSON.parse(answer.text)).toMatchObject({ code: 'upgrade-required' });
  });

  it('as a POST', async () => {
    expect(await ask('POST', {})).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  it.each([
    ['of an old version', 'GET', { 'sec-websocket-version': '7', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }],
    ['without a key', 'GET', { 'sec-websocket-version': '13' }],
    ['with POST', 'POST', { 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }],
  ])('as a handshake %s', async (_, method, more) => {
    const authorization = `Bearer ${app.token()}`;
    const answer = await ask(method, { connection: 'upgrade', upgrade: 'websocket', authorization, ...more });
    expect(answer).toMatchObject({ status: 400, headers: { 'sec-websocket-version': '13', connection: 'close' } });
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'invalid-request' });
  });

  it('of a user who is out', async () => {
    const userId = randomUUID();
    await app.documents.insert(accountStates, userId, { status: 'disabled' });
    await expect(app.connect({ token: app.token(userId) })).rejects.toMatchObject({ status: 401 });
  });
});

describe('a connection is taken', () => {
  it.each<[string, () => LiveClientOptions, string]>([
    ['with the token in Authorization', () => withToken(), ''],
    ['with the token as a subprotocol', () => protocols('mixdown.v1', `bearer.${app.token()}`), 'mixdown.v1'],
    ['from a page of its own', () => origin(app.url), ''],
    ['from a page of its public address', () => origin('https://mixdown.example.org'), ''],
    ['from a page that the configuration allows', () => origin('https://app.example.org'), ''],
  ])('%s', async (_what, options, protocol) => {
    const client = await app.connect(options());
    expect(client.socket.protocol).toBe(protocol);
    expect(client.socket.extensions).toBe('');
    client.socket.close();
    expect(await client.closed()).toEqual([1005, '']);
  });
});

describe('a message that is no good gets a problem, and the connection stays', () => {
  const subscribe = (more: object) => ({ subscribe: { conversion: randomUUID(), ...more } });
  it.each<[string, () => unknown, string, object]>([
    ['not JSON', () => 'hello', 'invalid-request', { detail: 'The message is not JSON.' }],
    ['nothing', () => '""', 'invalid-request', { detail: expect.stringContaining('Send {') }],
    ['a list', () => [], 'invalid-request', { detail: expect.stringContaining('Send {') }],
    [
      'binary',
      () => Buffer.from('{"subscribe":"all"}'),
      'invalid-request',
      { detail: expect.stringContaining('text') },
    ],
    ['an unknown wish', () => ({ follow: 'all' }), 'invalid-request', { detail: expect.stringContaining('Send {') }],
    ['to everything', () => ({ subscribe: 'everything' }), 'invalid-request', {}],
    [
      'no id',
      () => ({ subscribe: { conversion: '../x' } }),
      'invalid-request',
      { errors: [expect.objectContaining({ pointer: '/subscribe/conversion' })] },
    ],
    [
      'a negative revision',
      () => subscribe({ fromRevision: -1 }),
      'invalid-request',
      { errors: [expect.objectContaining({ pointer: '/subscribe/fromRevision' })] },
    ],
    ['another field', () => subscribe({ since: 1 }), 'invalid-request', {}],
    ['an unknown id', () => subscribe({}), 'not-found', {}],
    [
      'a cursor that is none',
      () => ({ subscribe: 'all', after: '12' }),
      'invalid-request',
      { errors: [expect.objectContaining({ pointer: '/after' })] },
    ],
  ])('%s', async (_what, message, code, problem) => {
    const client = await app.connect();
    client.say(message());
    expect(await client.next('problem')).toMatchObject({ problem: { code, type: `/problems/${code}`, ...problem } });
    client.say({ subscribe: 'all' });
    await client.next('subscribed');
    client.socket.terminate();
  });

  it('another’s id and a deleted one, which look like an unknown one', async () => {
    const theirs = await app.append(randomUUID(), app.requested(randomUUID()));
    const gone = await app.append(randomUUID(), app.requested(), happened.cancelled, happened.deleted);
    const unknown = randomUUID();
    const client = await app.connect();
    const said: string[] = [];
    for (const id of [theirs, gone, unknown]) {
      client.say({ subscribe: { conversion: id } });
      said.push(JSON.stringify(await client.next('problem')).replaceAll(id, 'ID'));
    }
    expect(new Set(said).size).toBe(1);
    await app.append(theirs, happened.started);
    client.say({ subscribe: 'all' });
    await client.next('subscribed');
    expect(client.heard.map(({ type }) => type)).not.toContain('conversion');
    client.socket.terminate();
  });
});

describe('a connection is ended', () => {
  const flood = (client: LiveClient, times: number, message: () => unknown) => {
    for (let n = 0; n < times; n += 1) client.say(message());
  };

  it('when the client sends too much', async () => {
    const client = await app.connect();
    flood(client, limits.messages.atOnce + 1, () => ({ unsubscribe: 'all' }));
    expect(await client.closed()).toEqual([1008, 'too many messages']);
  });

  it('when the client pings too much', async () => {
    const client = await app.connect();
    const closed = client.closed();
    for (let n = 0; n < limits.messages.atOnce; n += 1) {
      client.socket.ping();
      await once(client.socket, 'pong');
    }
    client.socket.ping();
    expect(await closed).toEqual([1008, 'too many messages']);
  });

  it('when it watches too many', async () => {
    const client = await app.connect();
    const ids: string[] = [];
    for (let n = 0; n <= limits.subscriptions; n += 1) ids.push(await app.append(randomUUID(), app.requested()));
    flood(client, ids.length, () => ({ subscribe: { conversion: ids.pop() } }));
    expect(await client.closed()).toEqual([1008, 'too many subscriptions: subscribe to "all"']);
  });

  it('when a message is too large', async () => {
    const client = await app.connect();
    client.say('x'.repeat(limits.messageBytes + 1));
    expect((await client.closed())[0]).toBe(1009);
  });
});
