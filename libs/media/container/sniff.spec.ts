import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniffHead } from './sniff.ts';

const head = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat([
    ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    Buffer.alloc(64),
  ]);
const sniff = (bytes: Buffer, size = 1e9) => sniffHead(bytes, size);
const repeat = (bytes: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => bytes));

/** A packet of so many bytes with this in front. */
function packet(size: number, start: readonly number[], offset = 0): Buffer {
  const bytes = Buffer.alloc(size);
  Buffer.from(start).copy(bytes, offset);
  return bytes;
}

const mp3Frame = packet(417, [0xff, 0xfb, 0x90, 0x64]);
const adtsFrame = packet(371, [0xff, 0xf1, 0x50, 0x80, (371 >> 3) & 0xff, ((371 & 7) << 5) | 0x1f, 0xfc]);
const pesPacket = packet(2034, [0, 0, 1, 0xe0, 2028 >> 8, 2028 & 0xff]);
const mpeg2Pack = Buffer.concat([packet(14, [0, 0, 1, 0xba, 0x44]), pesPacket]);
const mpeg1Pack = Buffer.concat([packet(12, [0, 0, 1, 0xba, 0x21]), pesPacket]);

describe('sniffHead', () => {
  it.each([
    ['mp4', head([0, 0, 0, 32], 'ftypisom'), 'mov'],
    ['old QuickTime, movie first', head([0, 0, 1, 0], 'moov'), 'mov'],
    ['QuickTime, data first, 64-bit', head([0, 0, 0, 1], 'mdat'), 'mov'],
    ['Matroska', head([0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x82, 0x88], 'matroska'), 'matroska'],
    ['WebM', head([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm'), 'matroska'],
    ['AVI', head('RIFF\x24\x00\x00\x00AVI LIST'), 'avi'],
    ['WAV', head('RIFF\x24\x00\x00\x00WAVEfmt '), 'wav'],
    ['RF64', head('RF64\xff\xff\xff\xffWAVEds64'), 'wav'],
    ['FLV', head('FLV', [1, 5, 0, 0, 0, 9]), 'flv'],
    ['Ogg', head('OggS', [0, 2]), 'ogg'],
    ['FLAC', head('fLaC', [0, 0, 0, 34]), 'flac'],
    ['MP3', repeat(mp3Frame, 6), 'mp3'],
    ['ADTS', repeat(adtsFrame, 6), 'aac'],
    ['MPEG-TS', repeat(packet(188, [0x47]), 6), 'mpegts'],
    ['M2TS', repeat(packet(192, [0x47], 4), 6), 'mpegts'],
    ['MPEG-2 program stream', repeat(mpeg2Pack, 6), 'mpeg'],
    ['MPEG-1 system stream', repeat(mpeg1Pack, 6), 'mpeg'],
  ])('knows %s', (_, bytes, demuxer) => {
    expect(sniff(bytes)).toBe(demuxer);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4096)],
    ['an EBML file that is no Matroska', head([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'other')],
    ['a RIFF picture', head('RIFF\x24\x00\x00\x00WEBPVP8 ')],
    ['a box type behind an impossible size', head([0, 0, 0, 4], 'ftypisom')],
    ['four TS packets and then something else', Buffer.concat([repeat(packet(188, [0x47]), 4), Buffer.alloc(188)])],
    ['two MP3 frames and then something else', Buffer.concat([repeat(mp3Frame, 2), Buffer.alloc(900)])],
    [
      'MP3 frames of two sample rates',
      Buffer.concat([repeat(mp3Frame, 2), repeat(packet(384, [0xff, 0xfb, 0x94, 0x64]), 4)]),
    ],
    ['a pack header alone', Buffer.concat([packet(14, [0, 0, 1, 0xba, 0x44]), Buffer.alloc(5000)])],
    ['raw MPEG video', head([0, 0, 1, 0xb3])],
  ])('takes %s for nothing of ours', (_, bytes) => {
    expect(sniff(bytes)).toBeNull();
  });

  it('takes a clip of two frames when it is the whole file', () => {
    const clip = repeat(mp3Frame, 2);
    expect(sniff(clip, clip.length)).toBe('mp3');
    expect(sniff(clip, clip.length + 1)).toBeNull();
  });

  it('never takes text for media, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 0, maxLength: 3000 }),
        (text) => sniff(Buffer.from(`#EXTM3U\n${text}`)) === null,
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        sniff(Buffer.from(bytes), bytes.length);
      }),
    );
  });
});
