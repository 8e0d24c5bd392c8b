import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessions } from '#contracts';
import { type Answer, AuthApp, type TokenPair } from './auth-app.contract.ts';

let app: AuthApp;
let email: string;
let tokens: TokenPair;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.stop());

async function begin(): Promise<void> {
  ({ email } = await app.register());
  tokens = await app.logIn(email);
}
const pairOf = ({ body }: Answer) => body as TokenPair;
const refusal = { status: 401, body: { code: 'refresh-token-refused' } };
const logOut = (refreshToken: string) => app.ask('POST', '/v1/auth/logout', { body: { refreshToken } });

async function afterAMinute<T>(look: () => Promise<T>): Promise<T> {
  await app.pass(60);
  return look();
}

describe('refreshing', () => {
  it('gives new tokens, again and again', async () => {
    await begin();
    let { refreshToken } = tokens;
    for (let round = 0; round < 3; round += 1) {
      const answer = await app.refresh(refreshToken);
      expect(answer).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 900 } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(pairOf(answer).refreshToken).not.toBe(refreshToken);
      expect(await app.me(pairOf(answer).accessToken)).toMatchObject({ status: 200, body: { email } });
      ({ refreshToken } = pairOf(answer));
      await app.pass(20);
    }
  });

  it('has one winner, however many ask at once, and all get what it got', async () => {
    await begin();
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.refresh(tokens.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const given = new Set(answers.map((answer) => pairOf(answer).refreshToken));
    expect(given.size).toBe(1);
    const [next = ''] = given;
    expect((await app.refresh(next)).status).toBe(200);
  });

  it('answers once more when the answer was lost and the request comes again at once', async () => {
    await begin();
    const lost = await app.refresh(tokens.refreshToken);
    await app.pass(9);
    const again = await app.refresh(tokens.refreshToken);
    expect(pairOf(again).refreshToken).toBe(pairOf(lost).refreshToken);
    expect((await app.refresh(pairOf(again).refreshToken)).status).toBe(200);
  });

  it.each([
    ['after ten seconds', 10, 1],
    ['when its successor was used', 0, 2],
  ])('with an old token, %s, ends the session', async (_when, seconds, rounds) => {
    await begin();
    let newest = tokens;
    for (let round = 0; round < rounds; round += 1) newest = pairOf(await app.refresh(newest.refreshToken));
    await app.pass(seconds);
    expect((await app.me(newest.accessToken)).status).toBe(200);
    expect(await app.refresh(tokens.refreshToken)).toMatchObject(refusal);
    expect(await app.refresh(newest.refreshToken)).toMatchObject(refusal);
    await app.pass();
    expect(await app.me(newest.accessToken)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(app.log.join()).toContain('a refresh token was used again');
    expect(app.log.join()).not.toContain(tokens.refreshToken.slice(-43));
  });

  it('with a forged token of the session is refused, and ends nothing', async () => {
    await begin();
    const other = pairOf(await app.refresh((await app.logIn(email)).refreshToken)).refreshToken;
    const forged = tokens.refreshToken.slice(0, 52) + other.slice(52);
    expect(forged).toHaveLength(other.length);
    expect(await app.refresh(forged)).toMatchObject(refusal);
    expect((await app.refresh(tokens.refreshToken)).status).toBe(200);
  });

  it('ends thirty days after the last time', async () => {
    await begin();
    await app.pass(29 * 86_400);
    const { refreshToken } = pairOf(await app.refresh(tokens.refreshToken));
    await app.pass(29 * 86_400);
    const last = pairOf(await app.refresh(refreshToken)).refreshToken;
    await app.pass(30 * 86_400);
    expect(await app.refresh(last)).toMatchObject(refusal);
  });

  it('keeps no token, only hashes', async () => {
    await begin();
    const next = pairOf(await app.refresh(tokens.refreshToken)).refreshToken;
    const { items } = await app.documents.page(sessions, { index: 'byExpiry', limit: 1_000 });
    const stored = JSON.stringify(items);
    for (const token of [tokens.refreshToken, next]) {
      for (const secret of [token.slice(-43), token.slice(53, 75)]) expect(stored).not.toContain(secret);
    }
  });

  it.each([
    ['nothing', {}, 400, 'invalid-request'],
    ['a number', { refreshToken: 1 }, 400, 'invalid-request'],
    ['a very long text', { refreshToken: 'x'.repeat(600) }, 400, 'invalid-request'],
    ['more than the token', { refreshToken: 'x', more: 1 }, 400, 'invalid-request'],
    ['nonsense', { refreshToken: 'x' }, 401, 'refresh-token-refused'],
  ])('with %s is refused', async (_what, body, status, code) => {
    expect(await app.ask('POST', '/v1/auth/refresh', { body })).toMatchObject({ status, body: { code } });
  });

  it('takes no access token, nor is a refresh token one', async () => {
    await begin();
    expect(await app.refresh(tokens.accessToken)).toMatchObject(refusal);
    expect(await app.me(tokens.refreshToken)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('logging out', () => {
  it('ends the session with all its tokens, and no other', async () => {
    await begin();
    const other = await app.logIn(email);
    expect((await app.me(tokens.accessToken)).status).toBe(200);
    expect(await logOut(tokens.refreshToken)).toMatchObject({ status: 204, body: null });
    expect(await app.refresh(tokens.refreshToken)).toMatchObject(refusal);
    await app.pass();
    const refused = await app.me(tokens.accessToken);
    expect(refused).toMatchObject({ status: 401, body: { detail: 'This session has ended: log in again.' } });
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect((await app.me(other.accessToken)).status).toBe(200);
    expect((await app.refresh(other.refreshToken)).status).toBe(200);
  });

  it('with an older token, or once more, is no different', async () => {
    await begin();
    const next = pairOf(await app.refresh(tokens.refreshToken)).refreshToken;
    for (const token of [tokens.refreshToken, next, 'nonsense']) expect((await logOut(token)).status).toBe(204);
    expect(await app.refresh(next)).toMatchObject(refusal);
  });
});

it('a session that nobody refreshes is removed', async () => {
  await begin();
  const id = tokens.refreshToken.slice('mixdown-refresh_'.length).slice(0, 36);
  expect(await app.documents.get(sessions, id)).not.toBeNull();
  await app.pass(30 * 86_400);
  await expect.poll(() => afterAMinute(() => app.documents.get(sessions, id))).toBeNull();
});

it('the tokens of the tutorial’s login end with their quarter of an hour', async () => {
  await begin();
  const basic = Buffer.from(`${email}:correct horse battery staple`).toString('base64');
  const login = await fetch(`${app.url}/login`, { method: 'POST', headers: { authorization: `Basic ${basic}` } });
  const token = await login.text();
  expect((await app.me(token)).status).toBe(200);
  await app.pass(900);
  await expect.poll(() => afterAMinute(async () => (await app.me(token)).status)).toBe(401);
});
