import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cutMedia, disguises, fileOf, type MediaKind, makeMedia, mediaKinds, removeTestMedia } from '#testing/media';
import { isCutOff } from './cut-off.ts';
import { flvEndSeconds } from './flv-end.ts';
import { isEncryptedEntry, readMovAudioTracks } from './mov-tracks.ts';
import { sniffContainer } from './sniff.ts';

afterAll(removeTestMedia);

const demuxerOf: Readonly<Record<string, string>> = {
  mp4: 'mov',
  m4a: 'mov',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'matroska',
  avi: 'avi',
  flv: 'flv',
  ts: 'mpegts',
  mpg: 'mpeg',
  ogg: 'ogg',
  ogv: 'ogg',
  wav: 'wav',
  flac: 'flac',
  mp3: 'mp3',
  adts: 'aac',
};
const expected = (kind: MediaKind) => demuxerOf[kind.split('-')[0] ?? ''];

describe('what ffmpeg writes', () => {
  it.each(mediaKinds)('%s is known, and whole', async (kind) => {
    const path = await makeMedia(kind);
    const demuxer = await sniffContainer(path);
    expect(demuxer).toBe(expected(kind));
    expect(demuxer && (await isCutOff(path, demuxer))).toBe(false);
  });

  /** Not here: FLV, FLAC and ADTS, whose durations or last frames decide. */
  it.each(
    mediaKinds
      .filter((kind) => !/^(flv|flac|adts)/.test(kind))
      .flatMap((kind) => [0.31, 0.77, kind === 'mp3' ? 0.98 : 0.995].map((share) => [kind, share] as const)),
  )('%s, of which %d is left, is cut', async (kind, share) => {
    const path = await cutMedia(await makeMedia(kind), share);
    const demuxer = await sniffContainer(path);
    expect(demuxer).toBe(expected(kind));
    expect(demuxer && (await isCutOff(path, demuxer))).toBe(true);
  });
});

describe('sniffContainer', () => {
  it.each(Object.entries(disguises))('takes no %s for a video', async (_, text) => {
    expect(await sniffContainer(await fileOf('video.mp4', text('/canary')))).toBeNull();
  });

  it('looks behind an ID3 tag for audio, however large its picture is', async () => {
    const tag = Buffer.concat([
      Buffer.from('ID3\x04\x00\x00', 'latin1'),
      Buffer.from([0, 8, 0, 0]),
      Buffer.alloc(8 * 128 * 128),
    ]);
    const tagged = async (rest: Uint8Array | string) =>
      sniffContainer(await fileOf('x', Buffer.concat([tag, Buffer.from(rest)])));
    const mp3 = await readFile(await makeMedia('mp3'));
    // What ffmpeg made has a tag of its own: two of them do occur, and neither is the music.
    const music = mp3.subarray(mp3.indexOf(Buffer.from([0xff, 0xfb])));
    expect(await tagged(music)).toBe('mp3');
    expect(await tagged(await readFile(await makeMedia('flac')))).toBe('flac');
    expect(await tagged(await readFile(await makeMedia('adts')))).toBe('aac');
    expect(await tagged(await readFile(await makeMedia('mp4-aac')))).toBeNull();
    expect(await tagged('#EXTM3U\nfile:///etc/passwd\n')).toBeNull();
  });
});

describe('isCutOff', () => {
  it('lets garbage behind the last box pass', async () => {
    const bytes = await readFile(await makeMedia('mp4-aac'));
    const path = await fileOf('garbage.mp4', Buffer.concat([bytes, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9])]));
    expect(await isCutOff(path, 'mov')).toBe(false);
  });

  it('lets a live recording pass, whose size was never written', async () => {
    const bytes = Buffer.from(await readFile(await makeMedia('mkv-opus')));
    const segment = bytes.indexOf(Buffer.from('18538067', 'hex'));
    Buffer.from('01ffffffffffffff', 'hex').copy(bytes, segment + 4);
    expect(await isCutOff(await fileOf('live.mkv', bytes.subarray(0, bytes.length / 2)), 'matroska')).toBe(false);
  });

  it('believes no RIFF size that its writer could not know', async () => {
    const bytes = Buffer.from(await readFile(await makeMedia('wav')));
    for (const size of [0, 0xffffffff]) {
      bytes.writeUInt32LE(size, 4);
      expect(await isCutOff(await fileOf('stream.wav', bytes), 'wav')).toBe(false);
    }
  });
});

describe('flvEndSeconds', () => {
  it('is the last tag’s time; null where no whole tag is the last', async () => {
    const path = await makeMedia('flv-aac');
    expect(await flvEndSeconds(path)).toBeCloseTo(5, 1);
    expect(await flvEndSeconds(await cutMedia(path, 0.7))).toBeNull();
  });
});

describe('readMovAudioTracks', () => {
  it('tells codec and edits of each audio track', async () => {
    expect(await readMovAudioTracks(await makeMedia('mp4-aac', { audioTracks: 2 }))).toEqual([
      { sampleEntry: 'mp4a', edits: 1 },
      { sampleEntry: 'mp4a', edits: 1 },
    ]);
    expect(await readMovAudioTracks(await makeMedia('mp4-no-audio'))).toEqual([]);
  });

  it('sees encryption', async () => {
    const [track] = await readMovAudioTracks(await makeMedia('mp4-encrypted'));
    expect(track?.sampleEntry).toBe('enca');
    expect(track && isEncryptedEntry(track)).toBe(true);
  });

  it('ends on any bytes', async () => {
    const bytes = Buffer.from(await readFile(await makeMedia('mp4-aac')));
    for (let at = 0; at < 3000; at += 7) bytes[at] = (at * 31) & 0xff;
    await expect(readMovAudioTracks(await fileOf('broken.mp4', bytes))).resolves.toBeInstanceOf(Array);
  });
});
