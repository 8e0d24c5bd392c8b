import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../application/users.ts';
import { AuthApp, password } from './auth-app.contract.ts';

interface UserDocument {
  readonly id: string;
  readonly email: string;
}

let app: AuthApp;
let admin: string;
let adminId: string;
beforeAll(async () => {
  app = await AuthApp.start();
  ({ id: adminId, token: admin } = await newAdmin());
});
afterAll(() => app.stop());

async function newAdmin(): Promise<{ id: string; token: string }> {
  const { id, email } = await app.accounts.add(
    { email: `${crypto.randomUUID()}@example.org`, password },
    { isAdmin: true },
  );
  return { id, token: (await app.logIn(email)).accessToken };
}
const get = (path: string, token = admin) => app.ask('GET', `/v1/users${path}`, { token });
const patch = (id: string, body: object, token = admin) => app.ask('PATCH', `/v1/users/${id}`, { token, body });

describe('the list of users', () => {
  it('has all of them, newest first, page by page', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      await app.pass(1);
      made.push((await app.register()).id);
    }
    const seen: string[] = [];
    let path: string | undefined = '?limit=2';
    while (path !== undefined) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      seen.push(...(answer.body as { items: UserDocument[] }).items.map(({ id }) => id));
      path = /^<\/v1\/users(\?[^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(seen.slice(0, 5)).toEqual(made.reverse());
    expect(seen.at(-1)).toBe(adminId);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('finds one by the address', async () => {
    const { id, email } = await app.register();
    const found = await get(`?email=${encodeURIComponent(` ${email.toUpperCase()}`)}`);
    const document = { id, email, admin: false, disabled: false, quota: {}, createdAt: expect.any(String) };
    expect(found.body).toEqual({ items: [document], next: null });
    expect((await get(`/${id}`)).body).toEqual(document);
    expect((await get('?email=nobody@example.org')).body).toEqual({ items: [], next: null });
  });

  it.each(['?limit=0', '?limit=101', '?limit=x', '?cursor=x', '?email=x', '?surprise=1'])(
    'not with %s',
    async (query) => {
      expect(await get(query)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    },
  );

  it('is for administrators alone', async () => {
    const { id, email } = await app.register();
    const { accessToken } = await app.logIn(email);
    const refused = { status: 403, body: { code: 'missing-scope', detail: expect.stringContaining('admin') } };
    expect(await get('', accessToken)).toMatchObject(refused);
    expect(await get(`/${id}`, accessToken)).toMatchObject(refused);
    expect(await patch(id, { quota: {} }, accessToken)).toMatchObject(refused);
    expect((await app.ask('GET', '/v1/users')).status).toBe(401);
  });
});

it('an administrator’s API key has that scope only if it was given', async () => {
  const keyWith = async (scope: string) =>
    (await app.ask('POST', '/v1/api-keys', { token: admin, body: { name: 'x', scopes: [scope] } })).body as {
      key: string;
    };
  expect((await get('', (await keyWith('admin')).key)).status).toBe(200);
  expect((await get('', (await keyWith('uploads:write')).key)).status).toBe(403);
});

describe('a disabled user', () => {
  it('is out within two seconds, and back with everything when enabled', async () => {
    const { id, email } = await app.register();
    const tokens = await app.logIn(email);
    const body = { name: 'x', scopes: ['conversions:read'] };
    const { key } = (await app.ask('POST', '/v1/api-keys', { token: tokens.accessToken, body })).body as {
      key: string;
    };
    for (const credential of [tokens.accessToken, key]) expect((await app.me(credential)).status).toBe(200);

    expect(await patch(id, { disabled: true })).toMatchObject({ status: 200, body: { id, disabled: true } });
    await app.pass();
    for (const credential of [tokens.accessToken, key]) {
      const detail = expect.stringContaining('disabled');
      expect(await app.me(credential)).toMatchObject({ status: 401, body: { code: 'unauthenticated', detail } });
    }
    expect(await app.refresh(tokens.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'refresh-token-refused' },
    });
    await expect(app.logIn(email)).rejects.toThrow(/invalid-credentials.*disabled|disabled.*invalid-credentials/);
    await expect(app.logIn(email, 'wrong password')).rejects.not.toThrow('disabled');

    expect(await patch(id, { disabled: false })).toMatchObject({ status: 200, body: { disabled: false } });
    await app.pass();
    for (const credential of [tokens.accessToken, key]) expect((await app.me(credential)).status).toBe(200);
    expect((await app.refresh(tokens.refreshToken)).status).toBe(200);
  });
});

describe('the last active administrator', () => {
  it('cannot be disabled, not even by itself', async () => {
    expect(await patch(adminId, { disabled: true })).toMatchObject({ status: 409, body: { code: 'last-admin' } });
    expect((await get(`/${adminId}`)).body).toMatchObject({ disabled: false, admin: true });
  });

  it('is left, whatever two administrators do to each other at the same moment', async () => {
    const other = await newAdmin();
    const answers = await Promise.all([
      patch(other.id, { disabled: true }, admin),
      patch(adminId, { disabled: true }, other.token),
    ]);
    const disabled = answers.filter(({ status }) => status === 200);
    expect(disabled.length).toBeLessThanOrEqual(1);
    await app.pass();
    const statuses = await Promise.all([get('', admin), get('', other.token)]);
    expect(statuses.filter(({ status }) => status === 200).length).toBe(2 - disabled.length);
  });
});

describe('a change of a user', () => {
  it('sets the quota in place of the one before', async () => {
    const { id } = await app.register();
    const quota = { uploadBytes: 1_000, conversionsAtOnce: null };
    expect(await patch(id, { quota })).toMatchObject({ status: 200, body: { quota } });
    expect((await patch(id, { quota: { conversionsPerDay: 3 } })).body).toMatchObject({ id });
    expect(((await get(`/${id}`)).body as { quota: object }).quota).toEqual({ conversionsPerDay: 3 });
  });

  it.each([
    [{ quota: { uploadBytes: -1 } }, '/quota/uploadBytes'],
    [{ quota: { conversionsPerDay: 1.5 } }, '/quota/conversionsPerDay'],
    [{ quota: { everything: 1 } }, '/quota/everything'],
    [{ disabled: 'yes' }, '/disabled'],
    [{ admin: true }, '/admin'],
  ])('%j is refused', async (body, pointer) => {
    const { id } = await app.register();
    expect(await patch(id, body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it.each(['00000000-0000-4000-8000-000000000001', 'x', '__proto__'])('%s is nobody', async (id) => {
    expect((await patch(id, { disabled: true })).status).toBe(404);
    expect((await get(`/${id}`)).status).toBe(404);
  });
});

it('users from before there were administrators are users still', async () => {
  await app.documents.insert(users, '00000000-0000-4000-8000-000000000009', {
    ...{ email: 'old@example.org', passwordHash: '$argon2id$', createdAt: '2025-01-01T00:00:00.000Z' },
  });
  expect((await get('?email=old@example.org')).body).toMatchObject({ items: [{ admin: false, disabled: false }] });
});
