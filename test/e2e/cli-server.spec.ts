import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeMedia, sampleCountOf } from '#testing/media';
import { Client } from '../support/client.ts';
import { CommandLine, type Ended, mixdown } from '../support/command-line.ts';
import { System, temporaryFolder } from '../support/system.ts';

const email = 'me@example.org';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let system: System;
let client: Client;

beforeAll(async () => {
  folder = await temporaryFolder();
  const port = await freePort();
  system = await System.start(join(folder.path, 'data'), { PORT: port });
  client = await Client.register(system.url, email);
  await copyFile(await makeMedia('mov-pcm', { seconds: 2 }), join(folder.path, 'short.mov'));
  await copyFile(await makeMedia('mov-pcm', { seconds: 240 }), join(folder.path, 'long.mov'));
});

afterAll(async () => {
  expect(await system.stop()).toBe(0);
  await folder[Symbol.asyncDispose]();
});

/** So that the server is at the same address after it was killed. */
async function freePort(): Promise<string> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return String(typeof address === 'object' && address !== null ? address.port : 0);
}

const inFolder = () => ({ cwd: folder.path, environment: { MIXDOWN_TOKEN: client.token, MIXDOWN_SERVER: system.url } });
const run = (...args: readonly string[]): Promise<Ended> => mixdown(args, inFolder());

it('asks to log in, remembers who did, and forgets it', async () => {
  const anonymous = { cwd: folder.path, input: 'correct horse battery staple\n' };
  const server = ['--server', system.url];
  const refused = await mixdown(['status', 'x', ...server], anonymous);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('mixdown login EMAIL') });
  const wrong = await mixdown(['login', email, '--password-stdin', ...server], { ...anonymous, input: 'wrong' });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(await mixdown(['login', email, '--password-stdin', ...server], anonymous)).toMatchObject({ code: 0 });
  const path = join(folder.path, '.config', 'mixdown', 'credentials.json');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).not.toContain('horse');
  // The only server that somebody is logged in at is meant where none is named.
  const unknown = await mixdown(['status', '00000000-0000-4000-8000-000000000000', '--json'], anonymous);
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'not-found' } });
  await writeFile(path, 'broken');
  expect(await mixdown(['status', 'x'], anonymous)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('log in again'),
  });
});

it('converts by the server, tells how it went, and saves it again', async () => {
  const converted = await run('convert', 'short.mov', '--server', system.url, '--json');
  expect(converted).toMatchObject({ code: 0, stderr: '' });
  const { id, status } = JSON.parse(converted.stdout);
  expect(status).toBe('completed');
  const samples = await sampleCountOf(join(folder.path, 'short.mov'));
  expect(await sampleCountOf(join(folder.path, 'short.mp3'))).toBe(samples);
  expect(await run('status', id)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^status +completed$/m) });
  const followed = await run('status', id, '--follow', '--json');
  expect(JSON.parse(followed.stdout)).toMatchObject({ id, status: 'completed' });
  expect(await run('download', id, 'again.mp3')).toMatchObject({ code: 0, stdout: 'again.mp3\n' });
  expect(await readFile(join(folder.path, 'again.mp3'))).toEqual(await readFile(join(folder.path, 'short.mp3')));
  expect(await run('download', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('short.mp3 is there') });
  expect(await run('cancel', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('already ended') });
});

it('goes on when the server is killed and started again', async () => {
  const command = CommandLine.start(['convert', 'long.mov', 'long.mp3', '--server', system.url], inFolder());
  await until(async () => /^mixdown_encoder_slots_busy 1$/m.test(await (await fetch(`${system.url}/metrics`)).text()));
  const { port } = new URL(system.url);
  await system.kill();
  system = await System.start(join(folder.path, 'data'), { PORT: port });
  expect(await command.ended).toMatchObject({ code: 0, stdout: 'long.mov -> long.mp3\n' });
  const samples = await sampleCountOf(join(folder.path, 'long.mov'));
  expect(await sampleCountOf(join(folder.path, 'long.mp3'))).toBe(samples);
});

it('cancels what it waits for at Ctrl-C, and leaves nothing', async () => {
  const before = await readdir(folder.path);
  const command = CommandLine.start(['convert', 'long.mov', 'other.mp3', '--server', system.url], inFolder());
  await until(async () => /^mixdown_encoder_slots_busy 1$/m.test(await (await fetch(`${system.url}/metrics`)).text()));
  command.child.kill('SIGINT');
  expect(await command.ended).toMatchObject({ code: 130, stderr: 'mixdown: interrupted\n' });
  await until(async () =>
    /^mixdown_conversions\{state="cancelled"\} 1$/m.test(await (await fetch(`${system.url}/metrics`)).text()),
  );
  expect(await readdir(folder.path)).toEqual(before);
  expect(existsSync(join(folder.path, 'other.mp3'))).toBe(false);
});

it('says that a server cannot be reached', async () => {
  const environment = { MIXDOWN_TOKEN: client.token };
  const options = { cwd: folder.path, environment };
  const { code, stderr } = await mixdown(['convert', 'short.mov', 'x.mp3', '--server', 'http://127.0.0.1:1'], options);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^mixdown: http:\/\/127\.0\.0\.1:1 cannot be reached: .*Is it running/);
});

/** Looks again and again; the test's own time limit is the limit. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
