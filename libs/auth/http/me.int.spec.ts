import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountQuotas, accountStates, apiKeys, type Quota, sessions } from '#contracts';
import type { EventStore } from '#event-store';
import { DependencyUnavailable } from '#messaging';
import { users } from '../application/users.ts';
import { AuthApp, password, type TokenPair } from './auth-app.contract.ts';

/** Whether appends fail. */
let isAway = false;
let app: AuthApp;
beforeAll(async () => {
  const events = (real: EventStore) =>
    new Proxy(real, {
      get(target, name) {
        if (name === 'append' && isAway) return () => Promise.reject(new DependencyUnavailable('the event store'));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  app = await AuthApp.start({}, { events });
});
afterAll(() => app.stop());

async function begin(): Promise<{ id: string; email: string; tokens: TokenPair; token: string }> {
  const user = await app.register();
  const tokens = await app.logIn(user.email);
  return { ...user, tokens, token: tokens.accessToken };
}

describe('a new password', () => {
  const change = (token: string, currentPassword: string, newPassword: string) =>
    app.ask('POST', '/v1/me/password', { token, body: { currentPassword, newPassword } });

  it('takes the place of the old one, and ends all other sessions', async () => {
    const { email, tokens, token } = await begin();
    const other = await app.logIn(email);
    expect((await app.me(other.accessToken)).status).toBe(200);
    expect(await change(token, password, 'another password')).toMatchObject({ status: 204, body: null });
    await app.pass();
    expect((await app.me(other.accessToken)).status).toBe(401);
    expect((await app.refresh(other.refreshToken)).status).toBe(401);
    expect((await app.me(token)).status).toBe(200);
    expect((await app.refresh(tokens.refreshToken)).status).toBe(200);
    await expect(app.logIn(email)).rejects.toThrow('invalid-credentials');
    await app.logIn(email, 'another password');
  });

  it('is refused to whoever has the token alone, and guesses are counted', async () => {
    const { email, token } = await begin();
    for (let guess = 0; guess < 10; guess += 1) {
      const refused = await change(token, 'wrong', 'another password');
      expect(refused).toMatchObject({ status: 403, body: { code: 'wrong-password' } });
    }
    expect(await change(token, password, 'another password')).toMatchObject({ status: 429 });
    await expect(app.logIn(email)).rejects.toThrow('rate-limited');
  });

  it.each([
    ['too short', { currentPassword: password, newPassword: 'short' }, '/newPassword'],
    ['too long', { currentPassword: password, newPassword: 'x'.repeat(257) }, '/newPassword'],
    ['missing', { currentPassword: password }, '/newPassword'],
    ['given without the old one', { newPassword: 'another password' }, '/currentPassword'],
  ])('that is %s is refused', async (_what, body, pointer) => {
    const { token } = await begin();
    const refused = await app.ask('POST', '/v1/me/password', { token, body });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } });
  });

  it('has one winner, however many are set at the same moment', async () => {
    const { email, token } = await begin();
    const wanted = Array.from({ length: 5 }, (_, index) => `new password ${index}`);
    const answers = await Promise.all(wanted.map((next) => change(token, password, next)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403, 403, 403]);
    const winner = wanted[answers.findIndex(({ status }) => status === 204)] ?? '';
    await app.logIn(email, winner);
  });
});

describe('erasing the account', () => {
  const erase = (token: string, given = password) => app.ask('DELETE', '/v1/me', { token, body: { password: given } });

  async function left(userId: string): Promise<readonly string[]> {
    const found: string[] = [];
    if ((await app.documents.get(users, userId)) !== null) found.push('user');
    if ((await app.documents.get(accountQuotas, userId)) !== null) found.push('quota');
    for (const collection of [sessions, apiKeys]) {
      const query = { index: 'byUser', equals: [userId], limit: 1 };
      if ((await app.documents.count(collection, query)) > 0) found.push(collection.name);
    }
    return found;
  }
  async function beginWithEverything() {
    const user = await begin();
    await app.ask('POST', '/v1/api-keys', { token: user.token, body: { name: 'x', scopes: ['conversions:read'] } });
    const quota: Quota = { conversionsPerDay: 1 };
    await app.documents.insert(accountQuotas, user.id, quota);
    expect(await left(user.id)).toEqual(['user', 'quota', 'sessions', 'api-keys']);
    return user;
  }
  const state = async (userId: string) => (await app.documents.get(accountStates, userId))?.document;

  it('removes all that is kept of it but its id, tells everybody, and frees its address', async () => {
    const { id, email, tokens, token } = await beginWithEverything();
    expect(await erase(token)).toMatchObject({ status: 202, body: null });
    expect(await left(id)).toEqual([]);
    expect(await state(id)).toEqual({ status: 'erased' });
    expect(await app.said()).toContain(`account-${id} AccountErased`);
    await app.pass();
    expect(await app.me(token)).toMatchObject({ status: 401, body: { detail: 'This account was deleted.' } });
    expect((await app.refresh(tokens.refreshToken)).status).toBe(401);
    await expect(app.logIn(email)).rejects.toThrow('invalid-credentials');
    expect((await app.register(email)).id).not.toBe(id);
  });

  it('needs the password', async () => {
    const { id, token } = await begin();
    expect(await erase(token, 'wrong')).toMatchObject({ status: 403, body: { code: 'wrong-password' } });
    expect(await app.ask('DELETE', '/v1/me', { token })).toMatchObject({ status: 400 });
    expect(await left(id)).toEqual(['user', 'sessions']);
  });

  it('is finished by the sweep when something came between, and said once', async () => {
    const { id, token } = await beginWithEverything();
    isAway = true;
    expect(await erase(token)).toMatchObject({ status: 503, body: { code: 'dependency-unavailable' } });
    expect(await state(id)).toEqual({ status: 'erased' });
    expect(await app.said()).not.toContain(`account-${id} AccountErased`);
    isAway = false;
    await app.pass(60);
    await expect.poll(() => app.said()).toContain(`account-${id} AccountErased`);
    await app.pass(60);
    expect((await app.said()).filter((said) => said.includes(id))).toHaveLength(1);
    expect(await left(id)).toEqual([]);
  });

  it('asked for twice at once is done once', async () => {
    const { id, token } = await beginWithEverything();
    const statuses = (await Promise.all([erase(token), erase(token), erase(token)])).map(({ status }) => status);
    expect(statuses).toContain(202);
    for (const status of statuses) expect([202, 401]).toContain(status);
    expect((await app.said()).filter((said) => said.includes(id))).toHaveLength(1);
    expect(await left(id)).toEqual([]);
  });
});
