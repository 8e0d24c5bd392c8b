import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeTestMedia } from '#testing/media';
import { locateEngine } from '../engine/locate.ts';
import type { Protection } from './protection.ts';
import { folderVariable, type Run, run } from './run.ts';

const none: Protection = { bubblewrap: null, prlimit: null };
// Asked here and not in a hook: whether a test is skipped is decided before hooks run.
const full = (await locateEngine({})).protection;
const boxes = [['in the open', none] as const, ...(full.bubblewrap === null ? [] : [['in the box', full] as const])];
afterAll(removeTestMedia);

function shell(script: string, more: Partial<Run> = {}) {
  return run({
    program: '/bin/sh',
    args: ['-c', script],
    programFiles: [],
    inputs: [],
    folder: freshFolder(),
    limits: { cpuSeconds: 60, addressSpaceBytes: 2 ** 32, fileSizeBytes: 2 ** 20 },
    protection: none,
    deadlineMs: 30_000,
    stallMs: null,
    signal: new AbortController().signal,
    ...more,
  });
}

/** Processes that were started in this folder and live. */
async function alive(folder: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  return environments.filter((text) => text.includes(`${folderVariable}=${folder}\0`)).length;
}

const ready = () => {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
};

describe.each(boxes)('run, %s', (_, protection) => {
  it('tells exit code and what was said', async () => {
    const said: string[] = [];
    const onStdout = (chunk: string) => said.push(chunk) > 0;
    const end = await shell('echo out; echo err >&2; exit 7', { protection, onStdout });
    expect(end).toEqual({ reason: 'exited', exitCode: 7, signal: null, stderr: 'err\n' });
    expect(said.join('')).toBe('out\n');
  });

  it('tells the signal that ended it', async () => {
    expect(await shell('kill -SEGV $$', { protection })).toMatchObject({
      reason: 'exited',
      exitCode: null,
      signal: 'SIGSEGV',
    });
  });

  it('works in its folder, with nothing of the service’s environment and nothing to read', async () => {
    const folder = freshFolder();
    const end = await shell('pwd >&2; cat >&2; env | cut -d= -f1 | sort | tr "\\n" " " >&2', { protection, folder });
    expect(end.stderr).toBe(`${folder}\nGCONV_PATH HOME LC_ALL ${folderVariable} PATH PWD `);
  });

  it('keeps the last 16 KiB of an endless complaint', async () => {
    const end = await shell('i=0; while [ $i -lt 3000 ]; do echo "line $i of a long complaint" >&2; i=$((i+1)); done', {
      protection,
    });
    expect(end.stderr).toHaveLength(16 * 1024);
    expect(end.stderr).toMatch(/line 2999 of a long complaint\n$/);
  });

  it('ends at the deadline, with all that it started', async () => {
    const folder = freshFolder();
    const end = await shell('sleep 60 & (trap "" TERM; sleep 60) & sleep 60', { protection, folder, deadlineMs: 300 });
    expect(end.reason).toBe('deadline');
    expect(await alive(folder)).toBe(0);
  });

  it('kills what ignores SIGTERM', async () => {
    const folder = freshFolder();
    const started = performance.now();
    const end = await shell('trap "" TERM; while :; do sleep 60; done', { protection, folder, deadlineMs: 200 });
    expect(end.reason).toBe('deadline');
    expect(end.signal).toBe(protection === none ? 'SIGKILL' : 'SIGTERM');
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await alive(folder)).toBe(0);
  });

  it('ends when it stalls, and not while it gets on', async () => {
    const getsOn = 'for i in 1 2 3 4; do echo $i; sleep 0.2; done';
    const watched = { protection, stallMs: 600 };
    expect(await shell(getsOn, { ...watched, onStdout: () => true })).toMatchObject({ reason: 'exited', exitCode: 0 });
    expect(await shell(getsOn, { ...watched, onStdout: () => false })).toMatchObject({ reason: 'stalled' });
  });

  it('ends when it is aborted, also before it began', async () => {
    const folder = freshFolder();
    const abort = new AbortController();
    const { promise, open } = ready();
    const onStdout = () => {
      open();
      return true;
    };
    const running = shell('echo up; sleep 60', { protection, folder, signal: abort.signal, onStdout });
    await promise;
    abort.abort();
    expect(await running).toMatchObject({ reason: 'aborted' });
    expect(await alive(folder)).toBe(0);
    expect(await shell('true', { protection, signal: abort.signal })).toMatchObject({
      reason: 'aborted',
      exitCode: null,
    });
  });

  it('does not wait for somebody who keeps a pipe open', async () => {
    const started = performance.now();
    const end = await shell('setsid sleep 8 & exit 0', { protection });
    expect(end).toMatchObject({ reason: 'exited', exitCode: 0 });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('run', () => {
  it('says that a program is not there', async () => {
    const end = await run({
      ...{
        program: '/nowhere/ffmpeg',
        args: [],
        programFiles: [],
        inputs: [],
        folder: freshFolder(),
        protection: none,
      },
      ...{ limits: { cpuSeconds: 1, addressSpaceBytes: 1, fileSizeBytes: 1 }, deadlineMs: 1000, stallMs: null },
      signal: new AbortController().signal,
    });
    expect(end).toMatchObject({ reason: 'not-started', exitCode: null });
    expect(end.stderr).toContain('ENOENT');
  });
});

describe.skipIf(full.prlimit === null)('limits (skipped where prlimit is missing)', () => {
  it('on the size of a file', async () => {
    const folder = freshFolder();
    const end = await shell('exec head -c 3000000 /dev/zero > big', { protection: full, folder });
    expect(end.signal).toBe('SIGXFSZ');
    expect((await stat(join(folder, 'big'))).size).toBe(2 ** 20);
  });

  it('on CPU time', async () => {
    const limits = { cpuSeconds: 1, addressSpaceBytes: 2 ** 32, fileSizeBytes: 2 ** 20 };
    expect(await shell('while :; do :; done', { protection: full, limits })).toMatchObject({ signal: 'SIGXCPU' });
  });

  it('on address space', async () => {
    const limits = { cpuSeconds: 60, addressSpaceBytes: 64 * 2 ** 20, fileSizeBytes: 2 ** 20 };
    const end = await shell('exec dd if=/dev/zero of=/dev/null bs=200M count=1', { protection: full, limits });
    expect(end.exitCode).not.toBe(0);
    expect(end.stderr).toMatch(/memory/);
  });
});

describe.skipIf(full.bubblewrap === null)('the box (skipped where bubblewrap may not work)', () => {
  let neighbour: string;
  beforeAll(async () => {
    neighbour = join(freshFolder(), 'canary');
    await writeFile(neighbour, 'canary');
  });

  it('holds its folder and no other file', async () => {
    const end = await shell(`cat ${neighbour} || cat /etc/passwd || ls /home /root /proc/1 /tmp/*/..`, {
      protection: full,
    });
    expect(end.exitCode).not.toBe(0);
    expect(end.stderr).not.toContain('canary\n');
    // The same command sees it in the open: the test can fail.
    const open: string[] = [];
    await shell(`cat ${neighbour}`, { onStdout: (chunk) => open.push(chunk) > 0 });
    expect(open).toEqual(['canary']);
  });

  it('lets nothing be written beside its folder, nor over its input', async () => {
    const folder = freshFolder();
    const input = join(folder, 'source');
    await writeFile(input, 'as it was');
    const end = await shell(`echo ok > result; echo new > ${input}; rm -f ${input}; echo x > /usr/x`, {
      protection: full,
      folder,
      inputs: [input],
    });
    expect(end.exitCode).not.toBe(0);
    expect(await readFile(input, 'utf8')).toBe('as it was');
    expect(await readFile(join(folder, 'result'), 'utf8')).toBe('ok\n');
  });

  it('has no network, not even to this machine', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connect = {
      program: process.execPath,
      programFiles: [process.execPath],
      args: [
        '-e',
        `require('net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(9))`,
      ],
      limits: { cpuSeconds: 60, addressSpaceBytes: 2 ** 40, fileSizeBytes: 2 ** 20 },
    };
    expect(await shell('', { ...connect, protection: none })).toMatchObject({ exitCode: 0 });
    expect(await shell('', { ...connect, protection: full })).toMatchObject({ exitCode: 9 });
    server.close();
  });

  it('sees no process of ours', async () => {
    const end = await shell(`kill -0 ${process.pid}`, { protection: full });
    expect(end.exitCode).not.toBe(0);
  });
});
