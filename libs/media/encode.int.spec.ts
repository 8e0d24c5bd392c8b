import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { presets, type Settings } from '#contracts';
import {
  decodePcm,
  enginesUnderTest,
  freshFolder,
  type MediaKind,
  makeMedia,
  removeTestMedia,
  sampleCountOf,
} from '#testing/media';
import {
  defaultLimits,
  type EncodeJob,
  type Engine,
  encodeWhole,
  type Inspected,
  inspectSource,
  locateEngine,
  type MediaProgress,
} from './index.ts';

afterAll(removeTestMedia);

const engines = await Promise.all(
  enginesUnderTest().map(async (paths) => [paths.name, await locateEngine(paths)] as const),
);
const system = await locateEngine({});

async function inspected(inputPath: string, settings: Settings, engine: Engine): Promise<Inspected> {
  const signal = new AbortController().signal;
  const result = await inspectSource({
    inputPath,
    settings,
    engine,
    signal,
    folder: freshFolder(),
    limits: defaultLimits,
  });
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result;
}

/** As the encoder service does it; `more` overrides what the encoding gets. */
async function convert(inputPath: string, settings: Settings = presets.mp3, more: Partial<EncodeJob> = {}) {
  const { source, plan, audioPath } = await inspected(inputPath, settings, system);
  return encodeWhole({
    ...{ source, plan, audioPath, settings, engine: system, folder: freshFolder(), limits: defaultLimits },
    signal: new AbortController().signal,
    ...more,
  });
}

async function converted(inputPath: string, settings?: Settings, more?: Partial<EncodeJob>) {
  const result = await convert(inputPath, settings, more);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result;
}
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const hasMpg123 = spawnSync('mpg123', ['--version']).status === 0;

describe.each(engines)('an MP3 of %s', (_, engine) => {
  const kinds: readonly MediaKind[] = [
    'mp4-aac',
    'mov-pcm',
    'mkv-opus',
    'webm-vorbis',
    'flac',
    'ts-aac',
    'mpg-ac3',
    'adts',
  ];

  it.each(kinds)('has exactly the samples of its source: %s', async (kind) => {
    const inputPath = await makeMedia(kind);
    const { samples, outputPath } = await converted(inputPath, presets.mp3, { engine });
    expect(samples).toBe(await sampleCountOf(inputPath));
    expect(await sampleCountOf(outputPath)).toBe(samples);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const inputPath = await makeMedia('mp4-aac');
    const [first, second] = [
      await converted(inputPath, presets.mp3, { engine }),
      await converted(inputPath, presets.mp3, { engine }),
    ];
    expect(await sha256(first.outputPath)).toBe(await sha256(second.outputPath));
  });
});

describe('an MP3', () => {
  it.skipIf(!hasMpg123)('has the same samples for another player (skipped where mpg123 is missing)', async () => {
    const { samples, outputPath } = await converted(await makeMedia('mkv-aac'));
    const pcm = spawnSync('mpg123', ['-q', '-s', '-e', 's16', outputPath], { maxBuffer: 2 ** 26 }).stdout;
    expect(pcm.length / 4).toBe(samples);
  });

  it('carries no word of its source', async () => {
    const tagged = join(freshFolder(), 'tagged.mp4');
    const tags = ['-metadata', 'title=canary', '-metadata', 'comment=No space left on device'];
    execFileSync('ffmpeg', ['-v', 'error', '-i', await makeMedia('mp4-aac'), '-c', 'copy', ...tags, tagged]);
    const { outputPath } = await converted(tagged);
    const bytes = await readFile(outputPath);
    expect(bytes.includes('canary')).toBe(false);
    expect(bytes.subarray(0, 2).toString('hex')).toBe('fffb');
  });

  it.each([
    ['constant, 320 kbit/s', presets['mp3-320'], { channels: 2, sampleRate: 44_100 }],
    ['mono', presets.speech, { channels: 1, sampleRate: 44_100 }],
    ['at 22.05 kHz, which is MPEG-2', { ...presets.mp3, sampleRate: 22_050 }, { channels: 2, sampleRate: 22_050 }],
    ['at 8 kHz, which is MPEG-2.5', { ...presets.mp3, sampleRate: 8000 }, { channels: 2, sampleRate: 8000 }],
  ] as const)('is %s', async (_, settings, expected) => {
    const { samples, outputPath } = await converted(await makeMedia('wav'), settings);
    const probed = execFileSync(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'stream=sample_rate,channels', '-of', 'json', outputPath],
      {
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(probed)).toMatchObject({
      streams: [{ sample_rate: String(expected.sampleRate), channels: expected.channels }],
    });
    expect(samples).toBe(5 * expected.sampleRate);
    expect(await sampleCountOf(outputPath)).toBe(samples);
  });

  it('is stereo when the source has six channels', async () => {
    const { outputPath } = await converted(await makeMedia('mkv-ac3', { channels: 6 }));
    expect(await decodePcm(outputPath)).toMatchObject({ channels: 2 });
  });

  it('has all of a recording with a gap, which no player fills', async () => {
    const gap = join(freshFolder(), 'gap.mkv');
    const filter = "aselect='not(between(t,2,6))'";
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      await makeMedia('wav', { seconds: 10 }),
      '-af',
      filter,
      '-c:a',
      'libopus',
      gap,
    ]);
    const { samples } = await converted(gap);
    expect(samples / 48_000).toBeCloseTo(6, 0);
  });
});

describe('trim', () => {
  it('is exact to the sample: the same bytes as of a source that was cut there', async () => {
    const source = await makeMedia('wav');
    const cut = join(freshFolder(), 'cut.wav');
    const [start, end] = [Math.round(1.2345 * 44_100), Math.round(3.3333 * 44_100)];
    execFileSync('ffmpeg', ['-v', 'error', '-i', source, '-af', `atrim=start_sample=${start}:end_sample=${end}`, cut]);
    const trimmed = await converted(source, { ...presets.mp3, trim: { start: 1.2345, end: 3.3333 } });
    expect(trimmed.samples).toBe(end - start);
    expect(await sha256(trimmed.outputPath)).toBe(await sha256((await converted(cut)).outputPath));
  });

  it('goes to the end where no end is given, or one beyond it', async () => {
    const source = await makeMedia('mp4-aac');
    const all = await sampleCountOf(source);
    expect((await converted(source, { ...presets.mp3, trim: { start: 1 } })).samples).toBe(all - 44_100);
    expect((await converted(source, { ...presets.mp3, trim: { end: 60 } })).samples).toBe(all);
  });

  it('that leaves nothing is a failure', async () => {
    const settings = { ...presets.mp3, trim: { start: 30, end: 31 } };
    expect(await convert(await makeMedia('mp4-aac'), settings)).toMatchObject({
      ok: false,
      code: 'no-audio',
      retryable: false,
    });
  });
});

describe('the audio track', () => {
  it('is found where the source itself was passed on, with all its tracks', async () => {
    const source = await makeMedia('avi-aac', { audioTracks: 2 });
    const second = await converted(source, { ...presets.mp3, audioTrack: 1 });
    const first = await converted(source, { ...presets.mp3, audioTrack: 0 });
    expect(await sha256(second.outputPath)).not.toBe(await sha256(first.outputPath));
  });
});

describe('progress', () => {
  it('ends at a hundred percent', async () => {
    const seen: MediaProgress[] = [];
    await converted(await makeMedia('mp4-aac', { seconds: 60 }), presets.mp3, {
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.at(-1)?.percent).toBeGreaterThan(99);
    expect(seen.every(({ percent }) => percent !== null && percent >= 0 && percent <= 100)).toBe(true);
  });
});
