import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client, expectOk, post } from '../support/client.ts';
import { expectProblem, type Row } from '../support/expect-problem.ts';
import { System, temporaryFolder } from '../support/system.ts';

const execute = promisify(execFile);
const password = 'correct horse battery staple';
/** Within this time whoever is no longer let in is out. */
const soon = { timeout: 5_000, interval: 200 };

interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

let system: System;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: string;
let video: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const cli = new URL('../../dist/apps/cli/main.js', import.meta.url).pathname;
  const adding = execute(process.execPath, [cli, 'user', 'add', 'admin@example.org', '--admin', '--password-stdin'], {
    env: { PATH: process.env.PATH, DATA_DIR: data },
  });
  adding.child.stdin?.end(password);
  expect((await adding).stdout).toContain('administers the service');
  system = await System.start(data);
  admin = (await logIn('admin@example.org')).accessToken;
  video = await makeMedia('mp4-aac', { seconds: 2 });
});

afterAll(async () => {
  await system.stop();
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

async function logIn(email: string): Promise<TokenPair> {
  const response = await expectOk(post(`${system.url}/v1/auth/login`, { email, password }));
  return (await response.json()) as TokenPair;
}
const ask = (method: string, path: string, token: string, body?: object) =>
  fetch(`${system.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const statusOf = async (token: string) => (await ask('GET', '/v1/me', token)).status;
const idOf = (token: string) => String(jwt.decode(token)?.sub);
async function newUser(): Promise<TokenPair & { readonly email: string; readonly id: string }> {
  const email = `${crypto.randomUUID()}@example.org`;
  await expectOk(post(`${system.url}/v1/auth/register`, { email, password }));
  const tokens = await logIn(email);
  return { ...tokens, email, id: idOf(tokens.accessToken) };
}
async function keyOf(token: string, scopes: readonly string[], expiresAt?: string): Promise<string> {
  const response = await expectOk(ask('POST', '/v1/api-keys', token, { name: 'a key', scopes, expiresAt }));
  return ((await response.json()) as { key: string }).key;
}
const formOf = (convert?: string) => {
  const form = new FormData();
  if (convert !== undefined) form.set('convert', convert);
  form.set('file', new Blob(['not a video']), 'x.mp4');
  return form;
};
const upload = (token: string, convert?: string) =>
  fetch(`${system.url}/v1/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: formOf(convert),
  });

it('a session goes on by refreshing, also after the service was killed, until it is logged out', async () => {
  const { accessToken, refreshToken } = await newUser();
  await system.kill();
  system = await System.start(system.dataFolder);
  const next = (await (await post(`${system.url}/v1/auth/refresh`, { refreshToken })).json()) as TokenPair;
  expect(await statusOf(next.accessToken)).toBe(200);
  expect((await post(`${system.url}/v1/auth/logout`, { refreshToken: next.refreshToken })).status).toBe(204);
  for (const token of [accessToken, next.accessToken]) await expect.poll(() => statusOf(token), soon).toBe(401);
  const ended = await post(`${system.url}/v1/auth/refresh`, { refreshToken: next.refreshToken });
  await expectProblem(ended, 401, 'refresh-token-refused');
});

it('an API key converts a video within its scopes', async () => {
  const { accessToken } = await newUser();
  const client = Client.with(
    system.url,
    await keyOf(accessToken, ['uploads:write', 'conversions:write', 'conversions:read']),
  );
  const { conversion } = await client.upload(video, 'mp3');
  expect((await client.end(conversion?.id ?? '')).status).toBe('completed');
  expect((await client.download(conversion?.id ?? '')).length).toBeGreaterThan(0);
});

it('an erased account is out, unknown to everybody, and its address is free', async () => {
  const { accessToken, email, id } = await newUser();
  const key = await keyOf(accessToken, ['conversions:read']);
  expect((await ask('DELETE', '/v1/me', accessToken, { password })).status).toBe(202);
  for (const token of [accessToken, key]) await expect.poll(() => statusOf(token), soon).toBe(401);
  await expectProblem(await post(`${system.url}/v1/auth/login`, { email, password }), 401, 'invalid-credentials');
  await expectProblem(await ask('GET', `/v1/users/${id}`, admin), 404, 'not-found');
  expect((await post(`${system.url}/v1/auth/register`, { email, password })).status).toBe(201);
});

it('a disabled user is out until it is enabled', async () => {
  const { accessToken, id } = await newUser();
  const disabled = await ask('PATCH', `/v1/users/${id}`, admin, { disabled: true });
  expect(await disabled.json()).toMatchObject({ id, disabled: true });
  await expect.poll(() => statusOf(accessToken), soon).toBe(401);
  await ask('PATCH', `/v1/users/${id}`, admin, { disabled: false });
  await expect.poll(() => statusOf(accessToken), soon).toBe(200);
});

describe('a quota', () => {
  it('of conversions within a day refuses what is more, but no repetition', async () => {
    const { accessToken, id } = await newUser();
    await expectOk(ask('PATCH', `/v1/users/${id}`, admin, { quota: { conversionsPerDay: 1 } }));
    const client = Client.with(system.url, accessToken);
    const { id: uploadId } = await client.upload(video);
    const first = await client.convert(uploadId, {}, 'the-only-one');
    await client.end(first);
    // The read model follows within moments.
    const more = () => upload(accessToken, 'mp3');
    await expect.poll(async () => (await more()).status, { timeout: 20_000, interval: 200 }).toBe(403);
    const refusals = [await more(), await client.postJson('/v1/conversions', { uploadId })];
    for (const refused of refusals) {
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_000);
      const { detail } = await expectProblem(refused, 403, 'quota-exceeded');
      expect(detail).toMatch(/At most 1 conversions are accepted within 24 hours\. The next one: not before 20/);
    }
    expect(await client.convert(uploadId, {}, 'the-only-one')).toBe(first);
    expect((await upload(accessToken)).status).toBe(201);
  });

  it('of bytes refuses an upload before its body is read', async () => {
    const { accessToken, id } = await newUser();
    await expectOk(ask('PATCH', `/v1/users/${id}`, admin, { quota: { uploadBytes: 100 } }));
    const { detail } = await expectProblem(await upload(accessToken), 403, 'quota-exceeded');
    expect(detail).toContain('100 bytes');
    await expectOk(ask('PATCH', `/v1/users/${id}`, admin, { quota: {} }));
    expect((await upload(accessToken)).status).toBe(201);
  });
});

describe('a credential that does not do', () => {
  const refresh = (refreshToken: string) => post(`${system.url}/v1/auth/refresh`, { refreshToken });
  const rows: readonly Row[] = [
    [
      'a refresh token as an access token',
      async () => ask('GET', '/v1/me', (await newUser()).refreshToken),
      401,
      'unauthenticated',
    ],
    [
      'an access token as a refresh token',
      async () => refresh((await newUser()).accessToken),
      401,
      'refresh-token-refused',
    ],
    ['an API key as a refresh token', async () => refresh(await keyOf(admin, ['admin'])), 401, 'refresh-token-refused'],
    [
      'a refresh token that is cut off',
      async () => refresh((await newUser()).refreshToken.slice(0, -1)),
      401,
      'refresh-token-refused',
    ],
    [
      'an API key with another scope',
      async () => upload(await keyOf(admin, ['conversions:read'])),
      403,
      'missing-scope',
    ],
    [
      'an API key that may upload, for an upload that is to be converted',
      async () => upload(await keyOf(admin, ['uploads:write']), 'mp3'),
      403,
      'missing-scope',
    ],
    [
      'an API key that was tampered with',
      async () => ask('GET', '/v1/me', (await keyOf(admin, ['admin'])).replace(/...$/, 'AAA')),
      401,
      'unauthenticated',
    ],
    [
      'an API key for what manages the account',
      async () => ask('DELETE', '/v1/me', await keyOf(admin, ['admin']), { password }),
      403,
      'missing-scope',
    ],
    [
      'a user’s token for what is the administrators’',
      async () => ask('GET', '/v1/users', (await newUser()).accessToken),
      403,
      'missing-scope',
    ],
    [
      'a wrong password for erasing the account',
      async () => ask('DELETE', '/v1/me', (await newUser()).accessToken, { password: 'wrong' }),
      403,
      'wrong-password',
    ],
    [
      'the last administrator, disabling itself',
      () => ask('PATCH', `/v1/users/${idOf(admin)}`, admin, { disabled: true }),
      409,
      'last-admin',
    ],
  ];
  it.each(rows)('%s', async (_what, askIt, status, code) => {
    await expectProblem(await askIt(), status, code);
  });

  it('an API key that has expired', async () => {
    const key = await keyOf(admin, ['admin'], new Date(Date.now() + 1_500).toISOString());
    expect(await statusOf(key)).toBe(200);
    await expect.poll(() => statusOf(key), soon).toBe(401);
    await expectProblem(await ask('GET', '/v1/me', key), 401, 'token-expired');
  });
});
