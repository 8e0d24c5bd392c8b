import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { presets } from '#contracts';
import { cutMedia, freshFolder, makeMedia, removeTestMedia } from '#testing/media';
import {
  defaultLimits,
  type EncodeJob,
  type Engine,
  encodeWhole,
  type Inspected,
  inspectSource,
  locateEngine,
} from './index.ts';

afterAll(removeTestMedia);

const system = await locateEngine({});

async function inspected(inputPath: string): Promise<Inspected> {
  const job = { engine: system, folder: freshFolder(), limits: defaultLimits, signal: new AbortController().signal };
  const result = await inspectSource({ ...job, inputPath, settings: presets.mp3 });
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result;
}

/** As the encoder service does it; `more` overrides what the encoding gets. */
async function convert(inputPath: string, more: Partial<EncodeJob> = {}) {
  const { source, plan, audioPath } = await inspected(inputPath);
  const job = { engine: system, folder: freshFolder(), limits: defaultLimits, signal: new AbortController().signal };
  return encodeWhole({ ...job, source, plan, audioPath, settings: presets.mp3, ...more });
}

describe('a failure', () => {
  it.each(['mp4-aac', 'mkv-opus', 'flac', 'flv-aac'] as const)(
    'when the audio was cut after its inspection: %s',
    async (kind) => {
      const { audioPath } = await inspected(await makeMedia(kind));
      const cut = await cutMedia(audioPath, 0.8);
      expect(await convert(await makeMedia(kind), { audioPath: cut })).toMatchObject({
        ok: false,
        code: 'truncated',
        retryable: false,
      });
    },
  );

  it('when the audio is shorter than the source was', async () => {
    const { source } = await inspected(await makeMedia('ts-aac'));
    const longer = { ...source, durationSeconds: 6 };
    expect(await convert(await makeMedia('ts-aac'), { source: longer })).toMatchObject({
      code: 'truncated',
      detail: 'The audio ends after 5.0 s of 6.0 s.',
    });
  });

  it('when a limit is reached, and no shorter success', async () => {
    const source = await makeMedia('mp4-aac');
    const limited = (limits: object) => convert(source, { limits: { ...defaultLimits, ...limits } });
    expect(await limited({ maxOutputBytes: 20_000 })).toMatchObject({ code: 'output-too-large', retryable: false });
    expect(await limited({ maxDurationSeconds: 3 })).toMatchObject({ code: 'too-long', retryable: false });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'when the disk is full, to be tried again (skipped where nothing may be mounted)',
    async () => {
      const folder = freshFolder();
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
      try {
        expect(await convert(await makeMedia('mp4-aac'), { folder: disk })).toMatchObject({
          code: 'internal',
          retryable: true,
        });
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );
});

describe('an encoder that', () => {
  const fake = (script: string): Engine => {
    const ffmpeg = join(freshFolder(), 'ffmpeg');
    writeFileSync(ffmpeg, `#!/bin/sh\nfor output; do :; done\n${script}\n`);
    chmodSync(ffmpeg, 0o755);
    return { ...system, ffmpeg, protection: { bubblewrap: null, prlimit: null } };
  };

  it.each([
    ['crashes', 'kill -SEGV $$', 'encoder-crashed', true],
    ['stops making progress', 'while :; do echo progress=continue; sleep 0.1; done', 'stalled', false],
    [
      'gets on for ever',
      'i=0; while :; do i=$((i+1)); echo out_time_us=$i; echo progress=continue; sleep 0.1; done',
      'timed-out',
      false,
    ],
    ['says nothing but 1', 'exit 1', 'encoder-crashed', true],
    ['makes no MP3', 'echo no music > "$output"; exit 0', 'encoder-crashed', true],
    ['makes nothing', ': > "$output"; exit 0', 'no-audio', false],
    ['stops in mid-file and calls it success', 'head -c 30000 "$MP3" > "$output"; exit 0', 'encoder-crashed', true],
  ])('%s', async (_, script, code, retryable) => {
    const converted = await convert(await makeMedia('mp4-aac'));
    const whole = converted.ok ? converted.outputPath : '';
    const engine = fake(script.replace('$MP3', whole));
    const limits = { ...defaultLimits, stallMs: 800, maxRunMs: 2500 };
    expect(await convert(await makeMedia('mp4-aac'), { engine, limits })).toMatchObject({
      ok: false,
      code,
      retryable,
    });
  });

  it('is aborted ends, and the call throws the reason', async () => {
    const reason = new Error('stop');
    const abort = new AbortController();
    const engine = fake('echo out_time_us=1; echo progress=continue; sleep 60');
    const onProgress = () => abort.abort(reason);
    const converting = convert(await makeMedia('mp4-aac'), { engine, signal: abort.signal, onProgress });
    await expect(converting).rejects.toBe(reason);
  });
});
