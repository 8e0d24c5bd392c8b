import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boundary, field, file, form, formType, part } from './form.contract.ts';
import { RawHttp } from './raw-http.contract.ts';
import { startUploads, type UploadApp } from './upload-app.contract.ts';

const maxUploadBytes = 100_000;
const multipartOverhead = 256 * 1024;
let app: UploadApp;
beforeAll(async () => {
  app = await startUploads({ MAX_UPLOAD_BYTES: String(maxUploadBytes) });
});
afterAll(() => app[Symbol.asyncDispose]());

const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});
type Answer = readonly [status: number, code: string, ...pointers: string[]];
type Row = [what: string, answer: Answer, body: string, type?: string, query?: string];

const tooMuch = 'x'.repeat(maxUploadBytes + 1);
const invalid = [400, 'invalid-request'] as const;
const tags = field('convert', '{"tags":{"title":"T"},"loudness":{"integrated":-16,"truePeak":-1.5}}');
const rows: Row[] = [
  ['no media type', [415, 'unsupported-media-type'], 'x', ''],
  ['a media type that is none', [415, 'unsupported-media-type'], 'x', 'video'],
  ['a web form', [415, 'unsupported-media-type'], 'a=b', 'application/x-www-form-urlencoded'],
  ['another multipart', [415, 'unsupported-media-type'], 'x', 'multipart/mixed; boundary=a'],
  ['an address to import from', [422, 'not-supported', '/url'], '{"url":"https://a.example/b"}', 'application/json'],
  ['an empty body', [...invalid, '/file'], '', 'video/mp4'],
  ['an empty file', [...invalid, '/file'], form(file(''))],
  ['a body over the limit', [413, 'upload-too-large'], tooMuch, 'video/mp4'],
  ['a file over the limit, in a form that is not', [413, 'upload-too-large'], form(file(tooMuch))],
  ['a preset that does not exist', [422, 'invalid-settings', '/convert'], 'x', 'video/mp4', '?convert=mp4'],
  ['settings that are not JSON', [422, 'invalid-settings', '/convert'], form(field('convert', '{'), file('x'))],
  [
    'a level beyond 9',
    [422, 'invalid-settings', '/convert/quality/level'],
    'x',
    'video/mp4',
    '?convert={"quality":{"mode":"vbr","level":10}}',
  ],
  ['settings of a later version', [422, 'not-supported', '/convert/loudness', '/convert/tags'], form(tags, file('x'))],
  ['convert twice in the address', [...invalid, '/convert'], 'x', 'video/mp4', '?convert=mp3&convert=mp3'],
  [
    'convert in the address and the form',
    [...invalid, '/convert'],
    form(field('convert', 'mp3'), file('x')),
    formType,
    '?convert=mp3',
  ],
  [
    'convert twice in the form',
    [...invalid, '/convert'],
    form(field('convert', 'mp3'), field('convert', 'mp3'), file('x')),
  ],
  ['a field that means nothing', [...invalid, '/priority'], form(field('priority', 'high'), file('x'))],
  ['a field after the file', [...invalid, '/convert'], form(file('x'), field('convert', 'mp3'))],
  ['a field that is too long', [...invalid, '/convert'], form(field('convert', 'x'.repeat(20_000)), file('x'))],
  ['two files', [...invalid, '/file'], form(file('x'), file('y'))],
  ['a file by another name', [...invalid, '/video'], form(file('x', 'a.mp4', 'video'))],
  ['a file without a name', [...invalid, '/file'], form(field('file', 'x'))],
  [
    'a file in base64',
    [...invalid, '/file'],
    form(part('form-data; name="file"; filename="a"', 'eA==', ['Content-Transfer-Encoding: base64'])),
  ],
  ['no file', [...invalid, '/file'], form()],
  ['no file, only its settings', [...invalid, '/file'], form(field('convert', 'mp3'))],
  ['a form without a boundary', invalid, form(file('x')), 'multipart/form-data'],
  ['a form with another boundary', [...invalid, '/'], form(file('x')), 'multipart/form-data; boundary=other'],
  ['a form that ends in its file', [...invalid, '/'], file('x')],
  ['a form that ends before its last two dashes', [...invalid, '/'], form(file('x')).slice(0, -4)],
  ['a form that ends in a header', [...invalid, '/'], `--${boundary}\r\nContent-Dispo`],
  ['a part whose header is broken', [...invalid, '/'], `--${boundary}\r\n\u0000: x\r\n\r\nx\r\n--${boundary}--\r\n`],
  ['an endless preamble', [413, 'upload-too-large'], 'x'.repeat(maxUploadBytes + multipartOverhead + 1)],
];

describe.each(['with its length', 'in chunks'])('an upload that comes %s is refused, and leaves nothing: ', (how) => {
  it.each<Row>(rows)('%s', async (_, answer, body, type = formType, query = '') => {
    const headers: Record<string, string> = { authorization: `Bearer ${app.token}` };
    if (type !== '') headers['content-type'] = type;
    const bytes = Buffer.from(body);
    const stream = new Blob([bytes]).stream();
    const asked: RequestInit & { duplex?: 'half' } =
      how === 'in chunks'
        ? { method: 'POST', headers, body: stream, duplex: 'half' }
        : { method: 'POST', headers, body: bytes };
    const response = await fetch(`${app.url}/v1/uploads${query}`, asked);
    const problem = Problem.parse(await response.json());
    expect([response.status, problem.code, ...problem.errors.map(({ pointer }) => pointer).sort()]).toEqual(answer);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await app.files()).toEqual([]);
    expect(await app.events()).toEqual([]);
  });
});

describe('before any of its body is asked for, an upload is refused that', () => {
  const authorized = () => `Authorization: Bearer ${app.token}`;
  it.each<[string, string, readonly string[], readonly [number, string]]>([
    ['has no token', '/v1/uploads', [], [401, 'unauthenticated']],
    ['has a wrong token', '/v1/uploads', ['Authorization: Bearer x'], [401, 'unauthenticated']],
    ['says that it is too large', '/v1/uploads', ['T', 'Content-Length: 100001'], [413, 'upload-too-large']],
    ['has a wrong preset', '/v1/uploads?convert=x', ['T'], [422, 'invalid-settings']],
    ['is compressed', '/v1/uploads', ['T', 'Content-Encoding: gzip'], [415, 'unsupported-media-type']],
    ['goes nowhere', '/v1/uploads/a/b', ['T'], [404, 'not-found']],
  ])('%s', async (_, path, headers, answer) => {
    const length = headers.some((header) => header.startsWith('Content-Length')) ? [] : ['Content-Length: 1000'];
    const own = headers.map((header) => (header === 'T' ? authorized() : header));
    const client = await RawHttp.open(app.port);
    client.head(`POST ${path}`, 'Content-Type: video/mp4', 'Expect: 100-continue', ...length, ...own);
    expect(await client.answer()).toEqual(answer);
    client.socket.destroy();
  });

  it('and one that is not refused is asked for it', async () => {
    const client = await RawHttp.open(app.port);
    client.head('POST /v1/uploads', authorized(), 'Content-Type: a/b', 'Content-Length: 1', 'Expect: 100-continue');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('x');
    await client.until(/HTTP\/1\.1 201 Created/);
    client.socket.destroy();
  });
});
