import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { presets, type Settings } from '#contracts';
import {
  cutMedia,
  decodePcm,
  disguises,
  enginesUnderTest,
  fileOf,
  freshFolder,
  type MediaKind,
  makeMedia,
  mediaKinds,
  removeTestMedia,
} from '#testing/media';
import { defaultLimits, type Engine, inspectSource, locateEngine, type MediaLimits } from './index.ts';

afterAll(removeTestMedia);

const engines = await Promise.all(
  enginesUnderTest().map(async (paths) => [paths.name, await locateEngine(paths)] as const),
);
const system = await locateEngine({});

function inspect(
  inputPath: string,
  more: { engine?: Engine; settings?: Settings; limits?: Partial<MediaLimits> } = {},
) {
  return inspectSource({
    inputPath,
    engine: more.engine ?? system,
    folder: freshFolder(),
    limits: { ...defaultLimits, ...more.limits },
    signal: new AbortController().signal,
    settings: more.settings ?? presets.mp3,
  });
}

/** What no copy can carry, or where there is nothing to leave out. */
const passedOn: readonly MediaKind[] = ['avi-aac', 'mpg-ac3', 'wav', 'flac', 'mp3', 'adts'];
const convertible = mediaKinds.filter((kind) => kind !== 'mp4-no-audio' && kind !== 'mp4-encrypted');
const fewer: readonly MediaKind[] = [
  'mp4-aac',
  'mov-pcm',
  'mkv-opus',
  'webm-vorbis',
  'avi-mp3',
  'flv-aac',
  'ts-aac',
  'mpg-ac3',
];

describe.each(engines)('the audio of an upload, %s', (_, engine) => {
  it.each(engine.ffmpeg === system.ffmpeg ? convertible : fewer)(
    '%s decodes to the very samples of the source',
    async (kind) => {
      const inputPath = await makeMedia(kind);
      const inspected = await inspect(inputPath, { engine });
      expect(inspected).toMatchObject({ ok: true, plan: { segments: 1, ranges: [{ first: 0, count: 1 }] } });
      if (!inspected.ok) return;
      expect(inspected.audioPath === inputPath).toBe(passedOn.includes(kind));
      expect(await decodePcm(inspected.audioPath)).toEqual(await decodePcm(inputPath));
      expect(inspected.source.durationSeconds).toBeCloseTo(5, 0);
    },
  );
});

describe('the audio of an upload', () => {
  /** Cut without re-encoding: edit lists, priming that lies before the start, timestamps that begin late. */
  it.each(['mp4-aac', 'mp4-opus', 'mov-pcm', 'mkv-aac', 'mkv-opus', 'webm-vorbis', 'flv-aac', 'ts-aac'] as const)(
    '%s, cut at its front without encoding anew, still decodes to the same samples',
    async (kind) => {
      const inputPath = join(freshFolder(), `cut.${kind.split('-')[0]}`);
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-ss',
        '1.3',
        '-i',
        await makeMedia(kind),
        '-c',
        'copy',
        '-strict',
        '-2',
        inputPath,
      ]);
      const inspected = await inspect(inputPath);
      expect(inspected).toMatchObject({ ok: true });
      if (!inspected.ok) return;
      expect(inspected.audioPath).not.toBe(inputPath);
      expect(await decodePcm(inspected.audioPath)).toEqual(await decodePcm(inputPath));
    },
  );

  it('is what counts, not the film around it: begun later, or shorter', async () => {
    const late = join(freshFolder(), 'late.mp4');
    const source = await makeMedia('mp4-aac');
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      source,
      '-itsoffset',
      '1',
      '-i',
      source,
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
      late,
    ]);
    const inspected = await inspect(late);
    expect(inspected).toMatchObject({ ok: true });
    expect(inspected.ok && inspected.source.durationSeconds).toBeCloseTo(5, 1);

    const short = join(freshFolder(), 'short.mkv');
    const audio = await makeMedia('mkv-opus', { seconds: 2 });
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      source,
      '-i',
      audio,
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
      short,
    ]);
    const silentEnd = await inspect(short);
    expect(silentEnd).toMatchObject({ ok: true });
    expect(silentEnd.ok && silentEnd.source.durationSeconds).toBeCloseTo(2, 1);
  });

  it('is the track that was asked for', async () => {
    const inputPath = await makeMedia('mp4-aac', { audioTracks: 3 });
    const inspected = await inspect(inputPath, { settings: { ...presets.mp3, audioTrack: 2 } });
    expect(inspected).toMatchObject({ ok: true, source: { audio: { track: 2 } } });
    if (!inspected.ok) return;
    expect(await decodePcm(inspected.audioPath)).toEqual(await decodePcm(inputPath, { track: 2 }));
    expect(await decodePcm(inspected.audioPath)).not.toEqual(await decodePcm(inputPath, { track: 0 }));
    expect(await inspect(inputPath, { settings: { ...presets.mp3, audioTrack: 3 } })).toMatchObject({
      code: 'no-audio',
      detail: 'The file has 3 audio tracks; track 3 (counted from 0) is not there.',
    });
  });

  it('is a fraction of an upload’s bytes', async () => {
    const inputPath = await makeMedia('mov-pcm24-96k', { seconds: 1 });
    const inspected = await inspect(inputPath);
    expect(inspected).toMatchObject({
      ok: true,
      plan: { sampleRate: 48_000, channels: 2 },
      source: { audio: { sampleRate: 96_000 } },
    });
  });
});

describe.each(engines)('refused, %s', (_, engine) => {
  it.each([
    ['mp4-no-audio', 'no-audio'],
    ['mp4-encrypted', 'encrypted'],
  ] as const)('%s', async (kind, code) => {
    expect(await inspect(await makeMedia(kind), { engine })).toMatchObject({ ok: false, code, retryable: false });
  });

  it.each([
    'mp4-aac',
    'mp4-fragmented',
    'mkv-opus',
    'webm-vorbis',
    'avi-mp3',
    'flv-aac',
    'flac',
    'wav',
    'mp3',
    'ogg-vorbis',
  ] as const)('%s that was cut off', async (kind) => {
    for (const share of [0.5, 0.7, 0.93]) {
      const inspected = await inspect(await cutMedia(await makeMedia(kind), share), { engine });
      expect(inspected, `${share}`).toMatchObject({ ok: false, code: 'truncated', retryable: false });
    }
  });
});

describe('refused', () => {
  it.each(Object.keys(disguises))('%s named .mp4', async (name) => {
    const text = disguises[name]?.('canary.ts') ?? '';
    expect(await inspect(await fileOf('video.mp4', text))).toMatchObject({ ok: false, code: 'not-media' });
  });

  it('an empty file', async () => {
    expect(await inspect(await fileOf('video.mp4', ''))).toMatchObject({
      code: 'not-media',
      detail: 'The file is empty.',
    });
  });

  it('an mp4 whose index never came', async () => {
    const bytes = await readFile(await makeMedia('mp4-alac'));
    const untilData = bytes.subarray(0, bytes.indexOf('moov') - 4);
    expect(await inspect(await fileOf('video.mp4', untilData))).toMatchObject({ code: 'truncated' });
  });

  it.each(['mp4-aac', 'mkv-opus', 'mp3', 'ts-aac'] as const)(
    '%s that is longer than the service converts',
    async (kind) => {
      const limits = { maxDurationSeconds: 3 };
      expect(await inspect(await makeMedia(kind), { limits })).toMatchObject({ code: 'too-long', retryable: false });
    },
  );
});

it('throws the reason when it is aborted', async () => {
  const reason = new Error('the client left');
  const job = { engine: system, folder: freshFolder(), limits: defaultLimits, settings: presets.mp3 };
  const inputPath = await makeMedia('mp4-aac');
  await expect(inspectSource({ ...job, inputPath, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
