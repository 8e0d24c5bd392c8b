import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeys } from '#contracts';
import { AuthApp, password } from './auth-app.contract.ts';

interface Made {
  readonly id: string;
  readonly key: string;
}

let app: AuthApp;
let token: string;
let userId: string;
beforeAll(async () => {
  app = await AuthApp.start();
  const user = await app.register();
  userId = user.id;
  token = (await app.logIn(user.email)).accessToken;
});
afterAll(() => app.stop());

const scopes = ['uploads:write', 'conversions:read'];
const make = (body: object) => app.ask('POST', '/v1/api-keys', { token, body });
const made = async (more: object = {}) => (await make({ name: 'nightly', scopes, ...more })).body as Made;
const unauthenticated = { status: 401, body: { code: 'unauthenticated' } };

describe('an API key', () => {
  it('is shown once, kept as a hash, and is as good as a token', async () => {
    const answer = await make({ name: ' nightly ', scopes });
    expect(answer).toEqual({
      status: 201,
      headers: expect.anything(),
      body: {
        ...{ id: expect.any(String), name: 'nightly', scopes, createdAt: expect.any(String), expiresAt: null },
        key: expect.stringMatching(/^mixdown_[0-9a-f-]{36}_[\w-]{43}$/),
      },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { id, key } = answer.body as Made;
    expect(await app.me(key)).toMatchObject({ status: 200, body: { id: userId } });
    const list = await app.ask('GET', '/v1/api-keys', { token });
    expect(list).toMatchObject({ status: 200, body: { items: [{ id, name: 'nightly', scopes }], next: null } });
    const stored = JSON.stringify([list.body, await app.documents.get(apiKeys, id), app.log]);
    expect(stored).not.toContain(key.slice(-43));
  });

  it('is out within two seconds when it is deleted', async () => {
    const { id, key } = await made();
    expect((await app.me(key)).status).toBe(200);
    expect((await app.ask('DELETE', `/v1/api-keys/${id}`, { token })).status).toBe(204);
    await app.pass();
    expect(await app.me(key)).toMatchObject(unauthenticated);
    expect((await app.ask('DELETE', `/v1/api-keys/${id}`, { token })).status).toBe(404);
  });

  it('ends when it was said to', async () => {
    const expiresAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
    const { key } = await made({ expiresAt });
    expect((await app.me(key)).status).toBe(200);
    await app.pass(60);
    expect(await app.me(key)).toMatchObject({ status: 401, body: { code: 'token-expired' } });
  });

  it('of somebody else cannot be deleted, nor seen', async () => {
    const { id, key } = await made();
    const { email } = await app.register();
    const other = (await app.logIn(email)).accessToken;
    expect((await app.ask('DELETE', `/v1/api-keys/${id}`, { token: other })).status).toBe(404);
    expect(await app.ask('GET', '/v1/api-keys', { token: other })).toMatchObject({ body: { items: [] } });
    expect((await app.me(key)).status).toBe(200);
  });

  it('outlives a new password and the session that made it', async () => {
    const { email } = await app.register();
    const session = await app.logIn(email);
    const body = { name: 'x', scopes };
    const { key } = (await app.ask('POST', '/v1/api-keys', { token: session.accessToken, body })).body as Made;
    await app.ask('POST', '/v1/auth/logout', { body: { refreshToken: session.refreshToken } });
    await app.pass();
    expect((await app.me(key)).status).toBe(200);
  });
});

describe('a key that is refused', () => {
  it.each<[what: string, change: (key: string) => string]>([
    ['tampered with at its end', (key) => key.slice(0, -2) + (key.endsWith('AA') ? 'BB' : 'AA')],
    ['cut off', (key) => key.slice(0, -1)],
    ['with more at its end', (key) => `${key}x`],
    ['of another id', (key) => key.replace(/_[0-9a-f]{8}/, '_00000000')],
    ['without a secret', (key) => key.slice(0, 'mixdown_'.length + 37)],
    ['with an id that is a path', () => `mixdown_../../etc/passwd_${'A'.repeat(43)}`],
    ['that is the prefix alone', () => 'mixdown_'],
  ])('%s', async (_what, change) => {
    const { key } = await made();
    const refused = await app.me(change(key));
    expect(refused).toMatchObject(unauthenticated);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  });
});

it.each<[method: string, path: string, body?: object]>([
  ['POST', '/v1/me/password', { currentPassword: password, newPassword: 'another password' }],
  ['DELETE', '/v1/me', { password }],
  ['POST', '/v1/api-keys', { name: 'x', scopes }],
  ['GET', '/v1/api-keys'],
  ['DELETE', '/v1/api-keys/00000000-0000-4000-8000-000000000001'],
])('%s %s takes no API key', async (method, path, body) => {
  const { key } = await made();
  const refused = await app.ask(method, path, { token: key, ...(body === undefined ? {} : { body }) });
  expect(refused).toMatchObject({ status: 403, body: { code: 'missing-scope' } });
});

it('an API key is no refresh token', async () => {
  const { key } = await made();
  expect(await app.refresh(key)).toMatchObject({ status: 401, body: { code: 'refresh-token-refused' } });
});

it.each([
  ['no name', { scopes }, 400, 'invalid-request'],
  ['a name of blanks', { name: '  ', scopes }, 400, 'invalid-request'],
  ['no scopes', { name: 'x', scopes: [] }, 400, 'invalid-request'],
  ['an unknown scope', { name: 'x', scopes: ['everything'] }, 400, 'invalid-request'],
  ['a scope that its maker has not', { name: 'x', scopes: ['admin'] }, 403, 'missing-scope'],
  ['an end in the past', { name: 'x', scopes, expiresAt: '2020-01-01T00:00:00Z' }, 400, 'invalid-request'],
  ['an end that is no time', { name: 'x', scopes, expiresAt: 'soon' }, 400, 'invalid-request'],
])('a key with %s is not made', async (_what, body, status, code) => {
  expect(await make(body)).toMatchObject({ status, body: { code } });
});

it('a user has a hundred keys at most', async () => {
  const { email } = await app.register();
  const other = (await app.logIn(email)).accessToken;
  const one = () => app.ask('POST', '/v1/api-keys', { token: other, body: { name: 'x', scopes } });
  for (let count = 0; count < 100; count += 1) expect((await one()).status).toBe(201);
  expect(await one()).toMatchObject({ status: 403, body: { code: 'quota-exceeded' } });
});
