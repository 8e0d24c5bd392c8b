import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MixdownClient } from './client.ts';
import { conversion, FakeServer, json, lost, noPause, problem } from './fake-server.contract.ts';
import { MixdownProblem, ServerUnreachable } from './problem.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server[Symbol.asyncDispose]());

const session = (accessToken: string) => ({ accessToken, tokenType: 'Bearer', expiresIn: 900, refreshToken: 'r2' });

describe('a client whose server is busy or away', () => {
  it('waits for as long as it is told, and sends again', async () => {
    const { pause, waits } = noPause();
    server.answers = [
      problem(503, 'busy', { 'retry-after': '7' }),
      problem(429, 'rate-limited', { 'retry-after': '3' }),
    ];
    server.answers.push(json({ id: 'u1', email: 'a@example.org' }, 201));
    const client = new MixdownClient(server.url, { pause });
    expect(await client.register('a@example.org', 'password')).toMatchObject({ id: 'u1' });
    expect(waits).toEqual([7_000, 3_000]);
    expect(server.asked.map(({ body }) => body)).toEqual(Array(3).fill(server.asked[0]?.body));
  });

  it('does not wait for longer than it has patience for', async () => {
    const { pause, waits } = noPause();
    server.answers = [problem(503, 'busy', { 'retry-after': '61' })];
    const asked = new MixdownClient(server.url, { pause, patienceSeconds: 60 }).me();
    await expect(asked).rejects.toMatchObject({ name: 'MixdownProblem', code: 'busy', status: 503, retryAfter: 61 });
    expect(waits).toEqual([]);
  });

  it('asks again where an answer was lost, with the same Idempotency-Key', async () => {
    server.answers = [lost, problem(502, 'x'), json(conversion(0), 202)];
    const client = new MixdownClient(server.url, noPause());
    expect(await client.convert('u1', { preset: 'speech' })).toMatchObject({ id: 'c1' });
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('never repeats what could then be done twice', async () => {
    server.answers = [lost];
    const client = new MixdownClient(server.url, noPause());
    await expect(client.retry('c1')).rejects.toBeInstanceOf(ServerUnreachable);
    expect(server.asked).toHaveLength(1);
  });

  it('says that nobody is there, and why', async () => {
    await server[Symbol.asyncDispose]();
    const { pause, waits } = noPause();
    const asked = new MixdownClient(server.url, { pause, patienceSeconds: 10 }).me();
    await expect(asked).rejects.toThrow(/^http:\/\/127.0.0.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(waits.length).toBeGreaterThan(2);
    expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThanOrEqual(10_000);
  });

  it('takes an answer that is not of mixdown for what it is', async () => {
    server.answers = [(response) => response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>no</h1>')];
    const asked = new MixdownClient(server.url).me();
    await expect(asked).rejects.toMatchObject({ code: 'unreadable-answer', status: 403 });
  });

  it.each(['while it waits', 'while it is asked'])('gives up when it is told to, %s', async (when) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const client = new MixdownClient(server.url);
    server.answers = [
      (response, asked) => {
        if (when === 'while it waits') problem(503, 'busy', { 'retry-after': '30' })(response, asked);
        setImmediate(() => abort.abort(reason));
      },
    ];
    await expect(client.me(abort)).rejects.toBe(reason);
  });
});

describe('a client whose token has expired', () => {
  it('renews it once for all requests, and repeats them', async () => {
    let renewals = 0;
    server.answers = [
      (response, asked) => {
        if (asked.path === '/v1/auth/refresh') {
          renewals += 1;
          expect(JSON.parse(asked.body)).toEqual({ refreshToken: 'r1' });
          return json(session('new'))(response, asked);
        }
        const isNew = asked.headers.authorization === 'Bearer new';
        return (isNew ? json({ id: 'u1', email: 'e' }) : problem(401, 'token-expired'))(response, asked);
      },
    ];
    const client = new MixdownClient(server.url, { credentials: { accessToken: 'old', refreshToken: 'r1' } });
    expect(await Promise.all([client.me(), client.me(), client.me()])).toHaveLength(3);
    expect(renewals).toBe(1);
    expect(client.tokens).toMatchObject({ accessToken: 'new', refreshToken: 'r2' });
  });

  it('renews it before it expires', async () => {
    server.answers = [json(session('new')), json({ id: 'u1', email: 'e' })];
    const credentials = { accessToken: 'old', refreshToken: 'r1', expiresAt: Date.now() + 5_000 };
    await new MixdownClient(server.url, { credentials }).me();
    expect(server.asked.map(({ path }) => path)).toEqual(['/v1/auth/refresh', '/v1/me']);
  });

  it('takes what another program has renewed', async () => {
    server.answers = [problem(401, 'token-expired'), json({ id: 'u1', email: 'e' })];
    const stored = { accessToken: 'theirs', refreshToken: 'r9' };
    const store = { renew: (renew: (now: typeof stored) => Promise<object>) => renew(stored) } as never;
    const client = new MixdownClient(server.url, { credentials: { accessToken: 'old', refreshToken: 'r1' }, store });
    await client.me();
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer theirs']);
  });

  it.each([
    ['there is no refresh token', { accessToken: 'old' }],
    ['it is an API key', { apiKey: 'mixdown_key' }],
  ])('says so when %s', async (_, credentials) => {
    server.answers = [problem(401, 'token-expired')];
    await expect(new MixdownClient(server.url, { credentials }).me()).rejects.toMatchObject({ code: 'token-expired' });
    expect(server.asked).toHaveLength(1);
  });

  it('asks only once more', async () => {
    server.answers = [problem(401, 'unauthenticated'), json(session('new')), problem(401, 'unauthenticated')];
    const credentials = { accessToken: 'old', refreshToken: 'r1' };
    await expect(new MixdownClient(server.url, { credentials }).me()).rejects.toBeInstanceOf(MixdownProblem);
    expect(server.asked).toHaveLength(3);
  });
});

describe('lists and uploads', () => {
  it('walks from page to page, and no further than it is asked to', async () => {
    const pages = [
      { items: [conversion(0), conversion(1)], next: 'p2' },
      { items: [conversion(2)], next: null },
    ];
    server.answers = pages.map((page) => json(page));
    const client = new MixdownClient(server.url);
    const found = await Array.fromAsync(client.list({ status: 'running', limit: 2 }));
    expect(found.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/v1/conversions?status=running&limit=2',
      '/v1/conversions?status=running&limit=2&cursor=p2',
    ]);
    server.answers = [json(pages[0])];
    for await (const _ of client.list()) break;
    expect(server.asked).toHaveLength(3);
  });

  it('sends a file with its size, tells how far it is, and sends all of it again after a lost connection', async () => {
    server.answers = [lost, json({ id: 'u1', bytes: 300_000 }, 201)];
    const told: number[] = [];
    const file = new Blob(['x'.repeat(300_000)]);
    const client = new MixdownClient(server.url, noPause());
    await client.upload(file, { fileName: 'a b.mp4', convert: 'speech', onProgress: (bytes) => told.push(bytes) });
    expect(server.asked.map(({ body }) => body.length)).toEqual([300_000, 300_000]);
    expect(server.asked[1]).toMatchObject({
      path: '/v1/uploads?filename=a+b.mp4&convert=speech',
      headers: { 'content-length': '300000', 'content-type': 'application/octet-stream' },
    });
    expect(told.at(-1)).toBe(300_000);
    expect(told.length).toBeGreaterThan(2);
  });

  it('sends a stream only once', async () => {
    server.answers = [problem(503, 'busy', { 'retry-after': '1' })];
    const client = new MixdownClient(server.url, noPause());
    await expect(client.upload(new Blob(['x']).stream())).rejects.toMatchObject({ code: 'busy' });
    expect(server.asked).toHaveLength(1);
  });
});
