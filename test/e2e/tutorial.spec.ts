import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeMedia, removeTestMedia, sampleCountOf } from '#testing/media';
import { Client } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

const execute = promisify(execFile);
const email = 'me@example.org';

let system: System;
let client: Client;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'));
  client = await Client.register(system.url, email);
});

afterAll(async () => {
  await system.stop();
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

/** What curl prints, and the status that it got. */
async function curl(
  ...args: readonly string[]
): Promise<{ readonly body: string; readonly status: number; readonly retryAfter: number }> {
  const { stdout } = await execute('curl', ['-s', '-w', '\n%{http_code} %header{retry-after}', ...args]);
  const end = stdout.lastIndexOf('\n');
  const [status = '', retryAfter = ''] = stdout.slice(end + 1).split(' ');
  return { body: stdout.slice(0, end), status: Number(status), retryAfter: Number(retryAfter) };
}

it('the flow of the tutorial services works with plain curl', async () => {
  const login = await curl('-X', 'POST', `${system.url}/login`, '-u', `${email}:correct horse battery staple`);
  expect(login).toMatchObject({ status: 200, body: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) });
  const authorization = `Authorization: Bearer ${login.body}`;
  const video = await makeMedia('mp4-aac', { seconds: 60 });

  const upload = await curl('-X', 'POST', '-F', `file=@${video}`, '-H', authorization, `${system.url}/upload`);
  expect(upload.status).toBe(202);
  const { fid } = JSON.parse(upload.body) as { fid: string };

  const mp3 = join(folder.path, 'song.mp3');
  const download = () => curl(`${system.url}/download?fid=${fid}`, '-H', authorization, '-o', mp3);
  const early = await download();
  expect(early).toMatchObject({ status: 409, retryAfter: expect.any(Number) });
  expect(early.retryAfter).toBeGreaterThan(0);
  expect(JSON.parse(await readFile(mp3, 'utf8'))).toMatchObject({ code: 'not-ready' });
  await client.end(fid);
  const answer = await download();
  expect(answer.status).toBe(200);
  expect(await sampleCountOf(mp3)).toBe(await sampleCountOf(video));
});

it('whoever follows live is let go when the service ends, and it ends at once', async () => {
  const other = await System.start(join(folder.path, 'other'));
  const follower = await Client.register(other.url);
  const { id: uploadId } = await follower.upload(await makeMedia('mov-pcm', { seconds: 240 }));
  const id = await follower.convert(uploadId);
  const live = await follower.fetch(`/v1/conversions/${id}/events`, { headers: { accept: 'text/event-stream' } });
  let told = '';
  let stopped: Promise<number | null> | undefined;
  // The stream ends by itself: nothing is left that could keep the process waiting.
  for await (const chunk of live.body ?? []) {
    told += Buffer.from(chunk).toString();
    if (told.includes('mixdown.conversion.source-inspected.v1')) stopped ??= other.stop();
  }
  expect(await stopped).toBe(0);
});
