import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client, post } from '../support/client.ts';
import { expectProblem, type Row } from '../support/expect-problem.ts';
import { System, temporaryFolder } from '../support/system.ts';

let system: System;
let client: Client;
let other: Client;
let uploadId: string;
let conversionId: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'), { MAX_UPLOAD_BYTES: '1 MiB' });
  client = await Client.register(system.url, 'me@example.org');
  other = await Client.register(system.url);
  uploadId = (await client.upload(await makeMedia('mp4-aac', { seconds: 2 }))).id;
  conversionId = await client.convert(uploadId);
  await client.end(conversionId);
});

afterAll(async () => {
  await system.stop();
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

const json = { 'content-type': 'application/json' };
const onConversion = (method: string, path: string) => () =>
  client.fetch(`/v1/conversions/${conversionId}${path}`, { method });
const link = (body: object) => () => client.postJson(`/v1/outputs/${conversionId}/links`, body);
const order = (more: object) => () => client.postJson('/v1/conversions', { uploadId, ...more });

describe('a bad request gets a problem that says what is wrong', () => {
  it.each<Row>([
    ['an unknown address', () => client.fetch('/v2/everything'), 404, 'not-found'],
    ['a method that is not taken', () => client.fetch('/v1/presets', { method: 'DELETE' }), 405, 'method-not-allowed'],
    [
      'a body that is not JSON',
      () => client.fetch('/v1/conversions', { method: 'POST', headers: json, body: '{' }),
      400,
      'invalid-request',
    ],
    [
      'another media type',
      () => client.fetch('/v1/conversions', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' }),
      415,
      'unsupported-media-type',
    ],
    [
      'a body that is too large',
      () => client.postJson('/v1/conversions', { uploadId, x: 'x'.repeat(200_000) }),
      413,
      'upload-too-large',
    ],
    [
      'a body that is nested too deep',
      () => client.fetch('/v1/conversions', { method: 'POST', headers: json, body: '['.repeat(5_000) }),
      400,
      'invalid-request',
    ],
    ['no body', () => client.fetch('/v1/conversions', { method: 'POST' }), 400, 'invalid-request'],
    ['no upload', () => client.postJson('/v1/conversions', {}), 400, 'invalid-request'],
    ['an unknown field', order({ surprise: 1 }), 400, 'invalid-request'],
    ['an unknown preset', order({ preset: 'mp4' }), 400, 'invalid-request'],
    ['a preset and settings', order({ preset: 'mp3', settings: {} }), 422, 'invalid-settings'],
    [
      'a VBR level that does not exist',
      order({ settings: { quality: { mode: 'vbr', level: 10 } } }),
      422,
      'invalid-settings',
    ],
    [
      'a bit rate that MP3 does not know',
      order({ settings: { quality: { mode: 'cbr', kbps: 100 } } }),
      422,
      'invalid-settings',
    ],
    ['another format', order({ settings: { format: 'aac' } }), 422, 'invalid-settings'],
    ['a part that ends before it starts', order({ settings: { trim: { start: 5, end: 4 } } }), 422, 'invalid-settings'],
    [
      'loudness, which is to come',
      order({ settings: { loudness: { integrated: -16, truePeak: -1.5 } } }),
      422,
      'not-supported',
    ],
    ['tags, which are to come', order({ settings: { tags: { title: 'x' } } }), 422, 'not-supported'],
    ['a webhook, which is to come', order({ webhookUrl: 'https://example.org' }), 422, 'not-supported'],
    ['too much metadata', order({ metadata: { key: 'x'.repeat(1_000) } }), 400, 'invalid-request'],
    [
      'an Idempotency-Key with a blank',
      () => client.postJson('/v1/conversions', { uploadId }, { 'idempotency-key': 'a b' }),
      400,
      'invalid-request',
    ],
    [
      'an upload that does not exist',
      () => client.postJson('/v1/conversions', { uploadId: randomUUID() }),
      404,
      'not-found',
    ],
    ['another’s upload', () => other.postJson('/v1/conversions', { uploadId }), 404, 'not-found'],
    ['another’s conversion', () => other.fetch(`/v1/conversions/${conversionId}`), 404, 'not-found'],
    ['another’s history', () => other.fetch(`/v1/conversions/${conversionId}/events`), 404, 'not-found'],
    ['another’s output', () => other.fetch(`/v1/outputs/${conversionId}`), 404, 'not-found'],
    ['cancelling another’s', () => other.postJson(`/v1/conversions/${conversionId}/cancel`, {}), 404, 'not-found'],
    ['an id that is none', () => client.fetch('/v1/conversions/..%2f..%2fetc'), 404, 'not-found'],
    [
      'a Last-Event-ID that is no revision',
      () =>
        client.fetch(`/v1/conversions/${conversionId}/events`, {
          headers: { accept: 'text/event-stream', 'last-event-id': 'x' },
        }),
      400,
      'invalid-request',
    ],
    ...['limit=0', 'limit=101', 'limit=many', 'limit=1&limit=2', 'cursor=x', 'cursor=', 'page=2'].flatMap(
      (query): Row[] =>
        ['conversions', 'uploads'].map((list) => [
          `a list of ${list} with ${query}`,
          () => client.fetch(`/v1/${list}?${query}`),
          400,
          'invalid-request',
        ]),
    ),
    [
      'a list by a status that does not exist',
      () => client.fetch('/v1/conversions?status=done'),
      400,
      'invalid-request',
    ],
    ['a list by an upload’s id that is none', () => client.fetch('/v1/conversions?uploadId=1'), 400, 'invalid-request'],
    ['retrying what has succeeded', onConversion('POST', '/retry'), 409, 'conversion-not-failed'],
    ['retrying another’s', () => other.postJson(`/v1/conversions/${conversionId}/retry`, {}), 404, 'not-found'],
    [
      'retrying with an Idempotency-Key with a blank',
      () => client.postJson(`/v1/conversions/${conversionId}/retry`, {}, { 'idempotency-key': 'a b' }),
      400,
      'invalid-request',
    ],
    [
      'deleting another’s conversion',
      () => other.fetch(`/v1/conversions/${conversionId}`, { method: 'DELETE' }),
      404,
      'not-found',
    ],
    [
      'deleting a conversion that does not exist',
      () => client.fetch(`/v1/conversions/${randomUUID()}`, { method: 'DELETE' }),
      404,
      'not-found',
    ],
    ['deleting another’s upload', () => other.fetch(`/v1/uploads/${uploadId}`, { method: 'DELETE' }), 404, 'not-found'],
    [
      'deleting an upload that does not exist',
      () => client.fetch(`/v1/uploads/${randomUUID()}`, { method: 'DELETE' }),
      404,
      'not-found',
    ],
    ['an upload’s id that is none', () => client.fetch('/v1/uploads/1', { method: 'DELETE' }), 404, 'not-found'],
    ['another’s proof', () => other.fetch(`/v1/conversions/${conversionId}/proof`), 404, 'not-found'],
    ['a link that lasts a second too long', link({ expiresIn: 7 * 86_400 + 1 }), 400, 'invalid-request'],
    ['a link that lasts no time', link({ expiresIn: 0 }), 400, 'invalid-request'],
    ['a link for half a second', link({ expiresIn: 0.5 }), 400, 'invalid-request'],
    ['a link for a word', link({ expiresIn: 'long' }), 400, 'invalid-request'],
    ['a link that does not say for how long', link({}), 400, 'invalid-request'],
    ['a link with a field that does not exist', link({ expiresIn: 1, name: 'x' }), 400, 'invalid-request'],
    [
      'a link to another’s output',
      () => other.postJson(`/v1/outputs/${conversionId}/links`, { expiresIn: 1 }),
      404,
      'not-found',
    ],
    ['a link without its signature', () => fetch(`${system.url}/v1/outputs/${conversionId}/file`), 403, 'invalid-link'],
    [
      'a link with a made-up signature',
      () => fetch(`${system.url}/v1/outputs/${conversionId}/file?sig=${client.token}`),
      403,
      'invalid-link',
    ],
    ['a download that does not say of what', () => client.fetch('/download'), 400, 'invalid-request'],
    [
      'a range behind the end',
      () => client.fetch(`/v1/outputs/${conversionId}`, { headers: { range: 'bytes=99999999-' } }),
      416,
      'range-not-satisfiable',
    ],
    [
      'a file that is too large',
      () =>
        client.fetch('/v1/uploads', {
          method: 'POST',
          headers: { 'content-type': 'video/mp4' },
          body: new Uint8Array(2 ** 20 + 1),
        }),
      413,
      'upload-too-large',
    ],
    [
      'an empty file',
      () =>
        client.fetch('/v1/uploads', {
          method: 'POST',
          headers: { 'content-type': 'video/mp4' },
          body: new Uint8Array(0),
        }),
      400,
      'invalid-request',
    ],
    [
      'a URL to import, which is to come',
      () => client.postJson('/v1/uploads', { url: 'http://127.0.0.1/' }),
      422,
      'not-supported',
    ],
    [
      'an upload with a wrong preset',
      () =>
        client.fetch('/v1/uploads?convert=nothing', {
          method: 'POST',
          headers: { 'content-type': 'video/mp4' },
          body: 'x',
        }),
      422,
      'invalid-settings',
    ],
    [
      'registering without a password',
      () => post(`${system.url}/v1/auth/register`, { email: 'a@example.org' }),
      400,
      'invalid-request',
    ],
    [
      'registering with a short password',
      () => post(`${system.url}/v1/auth/register`, { email: 'a@example.org', password: 'short' }),
      400,
      'invalid-request',
    ],
    [
      'registering what is no address',
      () => post(`${system.url}/v1/auth/register`, { email: 'a', password: 'long enough' }),
      400,
      'invalid-request',
    ],
    [
      'registering twice',
      () => post(`${system.url}/v1/auth/register`, { email: ' ME@example.org', password: 'long enough' }),
      409,
      'email-taken',
    ],
    [
      'a wrong password',
      () => post(`${system.url}/v1/auth/login`, { email: 'me@example.org', password: 'wrong' }),
      401,
      'invalid-credentials',
    ],
    [
      'an unknown user',
      () => post(`${system.url}/v1/auth/login`, { email: 'you@example.org', password: 'wrong' }),
      401,
      'invalid-credentials',
    ],
    [
      'a tutorial login without Basic',
      () => fetch(`${system.url}/login`, { method: 'POST' }),
      401,
      'invalid-credentials',
    ],
  ])('%s', async (_what, ask, status, code) => {
    const problem = await expectProblem(await ask(), status, code);
    expect(problem.type).toBe(`/problems/${code}`);
    const page = await fetch(`${system.url}${problem.type}`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
  });
});

it('ten wrong logins are enough, for this account and from this address', async () => {
  const { email } = { email: 'guess@example.org' };
  const attempts = Array.from({ length: 10 }, () => post(`${system.url}/v1/auth/login`, { email, password: 'wrong' }));
  for (const response of await Promise.all(attempts)) expect(response.status).toBe(401);
  const refused = await post(`${system.url}/v1/auth/login`, { email, password: 'wrong' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await expectProblem(refused, 429, 'rate-limited');
  expect((await Client.login(system.url, 'me@example.org')).token).not.toBe('');
});

it('no secret reaches the log', () => {
  const log = JSON.stringify(system.log);
  for (const secret of [client.token, 'correct horse battery staple']) expect(log).not.toContain(secret);
});
