import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freshFolder, removeTestMedia } from '#testing/media';
import { folderVariable } from './run.ts';
import { sweepOrphans } from './sweep-orphans.ts';

afterAll(removeTestMedia);

/** As `run` starts it, but with nobody left who would end it. */
async function orphan(folder: string, environment: Record<string, string>): Promise<ChildProcess> {
  const script = 'sleep 60 & echo up; wait';
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: folder,
    detached: true,
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}
const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));

describe('sweepOrphans', () => {
  it('ends what a killed service left, with its children, and removes the folders', async () => {
    const work = freshFolder();
    const job = join(work, 'job-1');
    mkdirSync(job);
    writeFileSync(join(job, 'audio'), 'half');
    const end = ended(await orphan(job, { [folderVariable]: job }));
    expect(await sweepOrphans(work)).toEqual({ killed: 2, removed: 1 });
    expect(await end).toBe('SIGKILL');
    expect(await readdir(work)).toEqual([]);
  });

  it('harms no stranger who works in such a folder, and no other service’s job', async () => {
    const work = freshFolder();
    const job = join(work, 'job-1');
    mkdirSync(job);
    const other = freshFolder();
    const strangers = [await orphan(job, {}), await orphan(other, { [folderVariable]: `${other}/job-1` })];
    expect(await sweepOrphans(work)).toEqual({ killed: 0, removed: 1 });
    for (const stranger of strangers) {
      expect(stranger.exitCode).toBeNull();
      const end = ended(stranger);
      if (stranger.pid !== undefined) process.kill(-stranger.pid, 'SIGKILL');
      await end;
    }
  });

  it('follows no link out of the work folder', async () => {
    const work = freshFolder();
    const outside = freshFolder();
    writeFileSync(join(outside, 'kept'), '');
    mkdirSync(join(work, 'job-1'));
    symlinkSync(outside, join(work, 'job-1', 'link'));
    symlinkSync(outside, join(work, 'link'));
    await sweepOrphans(work);
    expect(await readdir(outside)).toEqual(['kept']);
  });

  it('has nothing to do where there is no work folder yet', async () => {
    expect(await sweepOrphans(join(freshFolder(), 'absent'))).toEqual({ killed: 0, removed: 0 });
  });
});
