import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freshFolder, removeTestMedia } from '#testing/media';
import { describeEngine } from './describe.ts';
import { EngineUnusable } from './engine.ts';
import { locateEngine } from './locate.ts';
import { makeExecutable } from './make-executable.ts';

afterAll(removeTestMedia);

const require = createRequire(import.meta.url);
const bundledFolder = (tool: string) => dirname(require.resolve(`@${tool}-installer/linux-x64/package.json`));

function bundledHere(): boolean {
  try {
    return existsSync(join(bundledFolder('ffmpeg'), 'ffmpeg')) && existsSync(join(bundledFolder('ffprobe'), 'ffprobe'));
  } catch {
    return false;
  }
}

/** With nothing on the PATH but a shell. */
async function withoutPath<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = freshFolder();
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}

describe('locateEngine', () => {
  it('finds the programs on the PATH', async () => {
    const engine = await locateEngine({});
    expect(engine).toMatchObject({ bundled: false });
    expect(execFileSync(engine.ffmpeg, ['-version'], { encoding: 'utf8' })).toContain('ffmpeg version');
  });

  it('refuses what is configured and does not run, and says which and why', async () => {
    const noProgram = join(freshFolder(), 'ffmpeg');
    writeFileSync(noProgram, 'not a program');
    chmodSync(noProgram, 0o755);
    await expect(locateEngine({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toThrow(
      /^FFMPEG_PATH names "\/nowhere\/ffmpeg", which does not run: .*ENOENT/,
    );
    await expect(locateEngine({ ffprobePath: noProgram })).rejects.toThrow(/^FFPROBE_PATH names .* which does not run/);
    await expect(locateEngine({ ffmpegPath: 'bin/ffmpeg' })).rejects.toThrow('must be an absolute path');
    await expect(locateEngine({ ffmpegPath: '/nowhere' })).rejects.toBeInstanceOf(EngineUnusable);
  });

  it('takes an empty setting for none', async () => {
    expect(await locateEngine({ ffmpegPath: '', ffprobePath: '' })).toMatchObject({ bundled: false });
  });

  it.skipIf(!bundledHere())(
    'falls back to the build that comes by npm, made executable, with a warning (skipped off linux-x64)',
    async () => {
      const ffprobe = join(bundledFolder('ffprobe'), 'ffprobe');
      const engine = await withoutPath(() => locateEngine({}));
      expect(engine).toMatchObject({ bundled: true, ffprobe });
      expect(statSync(ffprobe).mode & 0o111).toBe(0o111);
      const description = await describeEngine(engine);
      expect(description).toMatchObject({
        bundled: true,
        ffmpeg: expect.stringContaining('47683'),
        libmp3lame: '3.100',
      });
      expect(description.warnings[0]).toContain('2018');
    },
  );
});

describe('makeExecutable', () => {
  it('gives the bit that npm left out, and says where it cannot', async () => {
    const program = join(freshFolder(), 'ffprobe');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o644 });
    await makeExecutable(program);
    expect(execFileSync(program, { encoding: 'utf8' })).toBe('');
    await expect(makeExecutable('/nowhere/ffprobe')).rejects.toThrow('cannot be made so');
  });
});

describe('describeEngine', () => {
  it('has one id for one engine, of versions and architecture', async () => {
    const engine = await locateEngine({});
    const description = await describeEngine(engine);
    expect(description.id).toBe((await describeEngine(engine)).id);
    expect(description.libmp3lame).toMatch(/^\d\.\d+/);
    expect(description.architecture).toBe(arch());
    expect(description.id).toContain(`ffmpeg-${description.ffmpeg} lame-${description.libmp3lame} ${arch()} `);
    expect(description.warnings).toEqual([]);
  });

  it('refuses an ffmpeg that cannot make MP3', async () => {
    const engine = await locateEngine({});
    const ffmpeg = join(freshFolder(), 'ffmpeg');
    writeFileSync(ffmpeg, '#!/bin/sh\n[ "$1" = -version ] && echo "ffmpeg version 9 x" && exit 0\nexit 1\n');
    chmodSync(ffmpeg, 0o755);
    await expect(describeEngine({ ...engine, ffmpeg })).rejects.toThrow('cannot make MP3');
  });
});
