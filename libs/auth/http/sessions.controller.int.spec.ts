import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { users } from '../application/users.ts';
import { AuthApp, password } from './auth-app.contract.ts';

let app: AuthApp;
let url: string;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await AuthApp.start(environment);
  url = app.url;
}

beforeEach(() => start());
afterEach(() => app.stop());

function post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  if (body === undefined) return fetch(`${url}${path}`, { method: 'POST', headers });
  const json = { 'content-type': 'application/json', ...headers };
  return fetch(`${url}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}
const register = (email: string) => post('/v1/auth/register', { email, password });
const basic = (email: string, given = password) => ({
  authorization: `Basic ${Buffer.from(`${email}:${given}`).toString('base64')}`,
});
const sessionOf = async (answer: Response) => (await answer.json()) as { readonly accessToken: string };
const me = (token: string) => fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });

describe('an account', () => {
  it('is made once, and its token tells whose it is, by every way to log in', async () => {
    const made = await register(' New@Example.org ');
    expect(made.status).toBe(201);
    const account = await made.json();
    expect(account).toEqual({ id: expect.any(String), email: 'new@example.org', createdAt: expect.any(String) });
    const again = await register('new@example.org');
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'email-taken' }]);

    const byBody = await post('/v1/auth/login', { email: 'NEW@example.org', password });
    expect(byBody.headers.get('cache-control')).toBe('no-store');
    const session = await sessionOf(byBody);
    expect(session).toEqual({
      ...{ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 },
      refreshToken: expect.stringMatching(/^mixdown-refresh_[\w-]{97,}$/),
    });
    const { accessToken } = await sessionOf(await post('/v1/auth/login', undefined, basic('new@example.org')));
    const tutorial = await post('/login', undefined, basic('new@example.org'));
    expect(tutorial.headers.get('content-type')).toContain('text/plain');
    for (const token of [session.accessToken, accessToken, await tutorial.text()]) {
      expect(await (await me(token)).json()).toEqual(account);
    }
  });

  it('is made once, however many ask for it at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => register('race@example.org')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  it('keeps no password', async () => {
    await register('stored@example.org');
    const { items } = await app.documents.page(users, { index: 'byEmail', equals: ['stored@example.org'], limit: 1 });
    expect(JSON.stringify(items)).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify([items, app.log])).not.toContain(password);
  });
});

describe('a wrong login', () => {
  it('looks the same for an account that exists and one that does not', async () => {
    await register('exists@example.org');
    const answer = async (email: string) => {
      const response = await post('/v1/auth/login', { email, password: 'wrong' });
      const { traceId, ...problem } = (await response.json()) as Record<string, unknown>;
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      const { date, ...headers } = Object.fromEntries(response.headers);
      expect(date).toBeTruthy();
      delete headers.ratelimit;
      return { headers, problem };
    };
    expect(await answer('exists@example.org')).toEqual(await answer('nobody@example.org'));
  });
  it('is challenged for Basic only when Basic was used', async () => {
    const challenge = async (asked: Promise<Response>) => (await asked).headers.get('www-authenticate');
    expect(await challenge(post('/login', undefined, basic('x@example.org', 'wrong')))).toMatch(/^Basic realm=/);
    expect(await challenge(post('/v1/auth/login', undefined, basic('x@example.org', 'wrong')))).toMatch(
      /^Basic realm=/,
    );
    expect(await challenge(post('/v1/auth/login', { email: 'x@example.org', password: 'wrong' }))).toBe('Bearer');
  });
});

it('three hundred right logins at once are answered, or told to come back; nobody is banned', async () => {
  await register('many@example.org');
  const logins = Array.from({ length: 300 }, () => post('/v1/auth/login', undefined, basic('many@example.org')));
  const answers = await Promise.all(logins);
  const by = (status: number) => answers.filter((answer) => answer.status === status);
  expect(by(200).length + by(503).length).toBe(300);
  expect(by(200).length).toBeGreaterThanOrEqual(52);
  for (const busy of by(503)) expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await post('/v1/auth/login', undefined, basic('many@example.org'))).status).toBe(200);
});

it('nobody registers where registration is closed', async () => {
  await app.stop();
  await start({ REGISTRATION: 'closed' });
  const refused = await register('late@example.org');
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'missing-scope' }]);
});
