import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conversionIdForUpload, presets } from '#contracts';
import { UploadDocument } from '../application/upload-document.ts';
import { field, file, form, formType, part } from './form.contract.ts';
import { startUploads, type UploadApp } from './upload-app.contract.ts';

let app: UploadApp;
beforeAll(async () => {
  app = await startUploads();
});
afterAll(() => app[Symbol.asyncDispose]());

async function post(path: string, contentType: string, body: string | Buffer): Promise<Response> {
  const headers = { authorization: `Bearer ${app.token}`, 'content-type': contentType };
  return fetch(`${app.url}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
}

/** Posts, and takes the answer for an upload. */
async function upload(path: string, contentType: string, body: string): Promise<UploadDocument> {
  return UploadDocument.parse(await (await post(path, contentType, body)).json());
}

function get(path: string, token = app.token): Promise<Response> {
  return fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an upload', () => {
  it('as a form, is there at its Location as soon as it is acknowledged', async () => {
    const response = await post('/v1/uploads', formType, form(file('the video')));
    const made = UploadDocument.parse(await response.json());
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/v1/uploads/${made.id}`);
    expect(made).toEqual({
      ...{ id: expect.any(String), bytes: 9, sha256: sha256('the video'), fileName: 'a.mp4', mediaType: 'video/mp4' },
      createdAt: app.clock.now().toISOString(),
    });
    expect(await (await get(`/v1/uploads/${made.id}`)).json()).toEqual(made);
  });

  it('as the body itself, with a name and a preset in the address', async () => {
    const made = await upload('/v1/uploads?filename=Kn%C3%B6del.mov&convert=speech', 'video/quicktime; a=b', 'raw');
    expect(made).toMatchObject({ fileName: 'Knödel.mov', mediaType: 'video/quicktime', bytes: 3 });
    const id = conversionIdForUpload(made.id);
    expect(made.conversion).toEqual({ id, url: `/v1/conversions/${id}` });
    expect(await (await get(`/v1/uploads/${made.id}`)).json()).toEqual(made);
  });

  it.each([
    ['a preset', 'mp3-320', presets['mp3-320']],
    ['settings', '{"quality":{"mode":"cbr","kbps":64}}', { format: 'mp3', quality: { mode: 'cbr', kbps: 64 } }],
  ])('whose form names %s tells the log which conversion to start', async (_, convert, settings) => {
    const { id } = await upload('/v1/uploads', formType, form(field('convert', convert), file('x')));
    const [recorded] = (await app.events()).filter(({ stream }) => stream === `upload-${id}`);
    expect(recorded).toMatchObject({
      type: 'UploadCompleted',
      data: { userId: app.userId, convert: { conversionId: conversionIdForUpload(id), settings } },
      metadata: { schema: 1, traceparent: expect.stringMatching(/^00-/) },
    });
  });

  it('keeps its name out of the log', async () => {
    await post('/v1/uploads', formType, form(file('x', 'very private.mp4')));
    expect(JSON.stringify((await app.events()).map(({ data }) => data))).not.toContain('very private');
  });

  it.each([
    ['a path', '../../etc/passwd', 'passwd'],
    ['UTF-8', 'Ünï 🎬.mp4', 'Ünï 🎬.mp4'],
    ['two dots', '..', null],
  ])('named by %s', async (_, given, kept) => {
    const { fileName } = await upload('/v1/uploads', formType, form(file('x', given)));
    expect(fileName).toBe(kept);
  });

  it('named as RFC 5987 says', async () => {
    const disposition = 'form-data; name="file"; filename=x; filename*=UTF-8\'\'%E2%82%AC.mp4';
    const { fileName } = await upload('/v1/uploads', formType, form(part(disposition, 'x')));
    expect(fileName).toBe('€.mp4');
  });

  it('of the well-known tutorial starts an MP3', async () => {
    const response = await post('/upload', formType, form(file('x')));
    const { fid } = z.object({ fid: z.uuid() }).parse(await response.json());
    expect(response.status).toBe(202);
    const conversions = (await app.events()).map(({ data }) => data.convert);
    expect(conversions).toContainEqual({ conversionId: fid, settings: presets.mp3 });
  });

  it('is nobody else’s to see', async () => {
    const { id } = await upload('/v1/uploads', formType, form(file('x')));
    const others = await get(`/v1/uploads/${id}`, app.tokenOf(randomUUID()));
    const nothing = await get(`/v1/uploads/${randomUUID()}`);
    expect([others.status, nothing.status]).toEqual([404, 404]);
    const withoutTrace = async (answer: Response) => (await answer.text()).replace(/"traceId":"\w+"/, '');
    expect(await withoutTrace(others)).toBe(await withoutTrace(nothing));
    expect((await get('/v1/uploads/..%2f..%2fetc')).status).toBe(404);
  });

  it('is counted', async () => {
    const before = await app.figure('mixdown_upload_bytes_total');
    await post('/v1/uploads', 'video/mp4', 'seven b');
    expect(await app.figure('mixdown_upload_bytes_total')).toBe(before + 7);
    expect(await app.figure('mixdown_uploads_in_flight')).toBe(0);
  });
});
