import { describe, expect, it } from 'vitest';
import { parseFrameHeader } from './frame-header.ts';

const header = (hex: string) => parseFrameHeader(Buffer.from(hex, 'hex'));

describe('parseFrameHeader', () => {
  it('reads MPEG-1, 128 kbit/s, 44.1 kHz, joint stereo, padded', () => {
    expect(header('fffb9264')).toEqual({
      version: 1,
      protectedByCrc: false,
      kbps: 128,
      sampleRate: 44_100,
      channels: 2,
      padded: true,
      samples: 1152,
      length: 418,
      sideInfoLength: 32,
    });
  });

  it('reads MPEG-2, 64 kbit/s, 22.05 kHz, mono', () => {
    expect(header('fff380c4')).toMatchObject({
      version: 2,
      kbps: 64,
      sampleRate: 22_050,
      channels: 1,
      samples: 576,
      length: 208,
      sideInfoLength: 9,
    });
  });

  it('reads MPEG-2.5 at 8 kHz, and a CRC', () => {
    expect(header('ffe218c4')).toMatchObject({
      version: 2.5,
      sampleRate: 8000,
      kbps: 8,
      protectedByCrc: true,
      length: 72,
    });
  });

  it.each([
    ['no sync word', 'fefb9264'],
    ['layer II', 'fffd9264'],
    ['the layer that ADTS has', 'fff19264'],
    ['the reserved version', 'ffeb9264'],
    ['the reserved sample rate', 'fffb9e64'],
    ['the forbidden bit rate', 'fffbf264'],
    ['free format', 'fffb0264'],
    ['too few bytes', 'fffb92'],
  ])('refuses %s', (_, hex) => {
    expect(header(hex)).toBeNull();
  });
});
