import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Settings } from '#contracts';
import { decodePcm, freshFolder, type MediaKind, makeMedia, removeTestMedia, sampleCountOf } from '#testing/media';
import { type Conversion, convertWith, type Kept } from './engine.contract.ts';
import { locateEngine } from './index.ts';
import { crc16 } from './mp3/crc16.ts';
import { parseXingFrame } from './mp3/xing-frame.ts';

afterAll(removeTestMedia);

const engine = await locateEngine({});
const hasMpg123 = spawnSync('mpg123', ['--version']).status === 0;

async function converted(conversion: Omit<Conversion, 'engine'>) {
  const result = await convertWith({ engine, ...conversion });
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

const vbr2: Settings = { format: 'mp3', quality: { mode: 'vbr', level: 2 } };
const vbr5: Settings = { format: 'mp3', quality: { mode: 'vbr', level: 5 } };
const cbr128: Settings = { format: 'mp3', quality: { mode: 'cbr', kbps: 128 } };

const cases: readonly (readonly [string, MediaKind, Settings])[] = [
  ['AAC in MP4, VBR 2, 44.1 kHz', 'mp4-aac', vbr2],
  ['AAC in MP4, VBR 5, mono', 'mp4-aac', { ...vbr5, channels: 1 }],
  ['AAC in MP4, CBR 128, whose padding repeats every 49 frames', 'mp4-aac', cbr128],
  ['Opus in Matroska, VBR 2, 48 kHz', 'mkv-opus', vbr2],
  ['Opus in Matroska, CBR 128, resampled to 22.05 kHz', 'mkv-opus', { ...cbr128, sampleRate: 22_050 }],
  ['PCM, VBR 5, resampled to 22.05 kHz', 'mov-pcm', { ...vbr5, sampleRate: 22_050 }],
  ['PCM, VBR 2, mono', 'mov-pcm', { ...vbr2, channels: 1 }],
  ['PCM, VBR 2, trimmed', 'mov-pcm', { ...vbr2, trim: { start: 1.2345 } }],
];

const seconds = 30;

describe.each(cases)('%s', (_, kind, settings) => {
  it('gives the same bytes in 1, 2, 3 and 10 segments, and after a crash in between', async () => {
    const inputPath = await makeMedia(kind, { seconds });
    const whole = await converted({ inputPath, settings });
    const expected = sha256(whole.outputPath);
    for (const segments of [2, 3, 10]) {
      const kept: Kept = new Map();
      const { outputPath, samples } = await converted({ inputPath, settings, segments, kept });
      expect([segments, sha256(outputPath), samples]).toEqual([segments, expected, whole.samples]);
      // As after a crash: some are there, others not, and the last may be either.
      for (const lost of segments === 10 ? [0, 4, 5] : [segments - 1]) kept.delete(lost);
      expect(sha256((await converted({ inputPath, settings, segments, kept })).outputPath)).toBe(expected);
    }
  });

  it('has the source’s samples, for ffmpeg, for mpg123, and by its own tag', async () => {
    const inputPath = await makeMedia(kind, { seconds });
    const { outputPath, samples, encoderDelay, encoderPadding } = await converted({ inputPath, settings });
    const bytes = readFileSync(outputPath);
    const xing = parseXingFrame(bytes);
    expect(xing).toMatchObject({ bytes: bytes.length, delay: encoderDelay, padding: encoderPadding });
    expect(await sampleCountOf(outputPath)).toBe(samples);
    if (settings.trim === undefined && settings.sampleRate === undefined) {
      expect(samples).toBe(await sampleCountOf(inputPath));
    }
    if (!hasMpg123) return;
    const pcm = spawnSync('mpg123', ['-q', '-s', '-e', 's16', outputPath], { maxBuffer: 2 ** 26 }).stdout;
    expect(pcm.length / 2 / (settings.channels ?? 2)).toBe(samples);
  });

  it('sounds as its frames did before they were packed', async () => {
    const inputPath = await makeMedia(kind, { seconds });
    const kept: Kept = new Map();
    const { outputPath } = await converted({ inputPath, settings, kept });
    const bytes = readFileSync(outputPath);
    const header = parseXingFrame(bytes)?.header;
    const tag = Buffer.from(bytes.subarray(0, header?.length));
    const unpackedBytes = Buffer.concat([tag, ...[...kept.values()].map((segment) => segment.bytes)]);
    // A player that finds the file longer than its tag says does not believe in the padding.
    unpackedBytes.writeUInt32BE(unpackedBytes.length, 4 + (header?.sideInfoLength ?? 0) + 12);
    const unpacked = join(freshFolder(), 'unpacked.mp3');
    writeFileSync(unpacked, unpackedBytes);
    expect((await decodePcm(outputPath)).sha256).toBe((await decodePcm(unpacked)).sha256);
  });

  it('is no larger than what a plain ffmpeg makes', async () => {
    const inputPath = await makeMedia(kind, { seconds });
    const { outputPath } = await converted({ inputPath, settings });
    const plain = join(freshFolder(), 'plain.mp3');
    const { quality, channels = 2, sampleRate, trim } = settings;
    const rate = quality.mode === 'vbr' ? ['-q:a', String(quality.level)] : ['-b:a', `${quality.kbps}k`];
    const cut = trim?.start === undefined ? [] : ['-af', `atrim=start=${trim.start}`];
    const shape = [...(sampleRate === undefined ? [] : ['-ar', String(sampleRate)]), '-ac', String(channels), ...cut];
    execFileSync('ffmpeg', ['-v', 'error', '-i', inputPath, '-vn', '-c:a', 'libmp3lame', ...rate, ...shape, plain]);
    expect(statSync(outputPath).size / statSync(plain).size).toBeLessThanOrEqual(1.01);
  });
});

describe('the tag', () => {
  it('has the checksums of itself and of the music', async () => {
    const { outputPath } = await converted({ inputPath: await makeMedia('mp4-aac'), settings: vbr2 });
    const bytes = readFileSync(outputPath);
    const length = parseXingFrame(bytes)?.header.length ?? 0;
    expect(bytes.readUInt16BE(188)).toBe(crc16(bytes.subarray(length)));
    expect(bytes.readUInt16BE(190)).toBe(crc16(bytes.subarray(0, 190)));
  });
});

describe('a plan by a wrong estimate', () => {
  it.each([
    ['too long', 40],
    ['too short', 10],
  ])('that is %s gives the same bytes', async (_, planned) => {
    const inputPath = await makeMedia('mp4-aac', { seconds });
    const segmentFrames = 49 * Math.floor((planned * 44_100) / 1152 / 4 / 49);
    const whole = await converted({ inputPath, settings: vbr2 });
    const plan = { ...whole.plan, segments: 4, segmentFrames };
    const more = { plan, range: { first: 0, count: 4 } };
    const kept: Kept = new Map();
    expect(sha256((await converted({ inputPath, settings: vbr2, kept, more })).outputPath)).toBe(
      sha256(whole.outputPath),
    );
  });
});
