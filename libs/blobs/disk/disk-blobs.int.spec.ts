import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { blobsContract } from '../blobs.contract.ts';
import { DiskBlobs } from './disk-blobs.ts';

const execute = promisify(execFile);

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-blobs-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

blobsContract('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-blobs-'));
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);
  return {
    blobs: await DiskBlobs.open(folder),
    reopen: () => DiskBlobs.open(folder),
    damage: async (key) => {
      await chmod(pathOf(key), 0o600);
      await using file = await open(pathOf(key), 'r+');
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 100_000);
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 100_000);
    },
    shorten: async (key) => {
      await chmod(pathOf(key), 0o600);
      await truncate(pathOf(key), 999);
    },
    close: () => rm(folder, { recursive: true }),
  };
});

it('clears away what a killed process had not finished', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'incoming'));
    await writeFile(join(folder, 'incoming', 'half'), 'half a video');
    await DiskBlobs.open(folder);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  }));

it('adopts a file on the same file system without a copy', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'video.mp4');
    await writeFile(path, 'a video');
    const { key } = await (await DiskBlobs.open(join(folder, 'blobs'))).adopt(path, { maxBytes: 100 });
    expect((await stat(join(folder, 'blobs', key.slice(0, 2), key))).ino).toBe((await stat(path)).ino);
  }));

const hasStrace = await execute('strace', ['-V']).then(
  () => true,
  () => false,
);

it.skipIf(!hasStrace)('syncs the bytes, renames, and syncs the folder, in this order (needs strace)', () =>
  withFolder(async (folder) => {
    const script = new URL('./write-one.contract.ts', import.meta.url).pathname;
    const trace = join(folder, 'trace');
    const node = [
      process.execPath,
      '--conditions=mixdown-source',
      '--experimental-transform-types',
      '--disable-warning=ExperimentalWarning',
      script,
      join(folder, 'blobs'),
    ];
    const calls = 'trace=openat,fsync,rename,renameat,renameat2,write';
    const { stdout } = await execute('strace', ['-f', '-y', '-s', '64', '-e', calls, '-o', trace, ...node]);
    const key = stdout.trim();
    const lines = (await (await open(trace)).readFile('utf8'))
      .split('\n')
      .filter((line) => line.includes(key) || /fsync/.test(line));
    const at = (what: RegExp) => lines.findLastIndex((line) => what.test(line));
    const steps = [
      at(new RegExp(`write\\(.*incoming/${key}`)),
      at(new RegExp(`fsync\\(.*incoming/${key}`)),
      at(new RegExp(`rename.*incoming/${key}`)),
      at(new RegExp(`fsync\\(.*blobs/${key.slice(0, 2)}>`)),
      at(new RegExp(`write\\(1<.*${key}`)),
    ];
    expect(steps.every((step) => step >= 0)).toBe(true);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  }),
);
