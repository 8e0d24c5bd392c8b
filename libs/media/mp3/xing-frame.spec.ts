import { describe, expect, it } from 'vitest';
import { gaplessSamples, parseXingFrame } from './xing-frame.ts';

/** A frame as LAME writes it: 128 kbit/s, 44.1 kHz, stereo; all four fields; delay 576, padding 1404. */
function frame({ name = 'Xing', flags = 15, frames = 193, bytes = 98_602, encoder = 'LAME3.100' } = {}): Buffer {
  const buffer = Buffer.alloc(417);
  buffer.writeUInt32BE(0xfffb9064, 0);
  buffer.write(name, 36, 'latin1');
  buffer.writeUInt32BE(flags, 40);
  buffer.writeUInt32BE(frames, 44);
  let at = 48;
  if ((flags & 2) !== 0) at = buffer.writeUInt32BE(bytes, at);
  if ((flags & 4) !== 0) at += 100;
  if ((flags & 8) !== 0) at += 4;
  buffer.write(encoder, at, 'latin1');
  buffer.writeUIntBE((576 << 12) | 1404, at + 21, 3);
  return buffer;
}

describe('parseXingFrame', () => {
  it('reads frames, bytes, delay and padding', () => {
    expect(parseXingFrame(frame())).toMatchObject({ frames: 193, bytes: 98_602, delay: 576, padding: 1404 });
  });

  it('reads the Info frame of a constant bit rate, behind other bytes', () => {
    const bytes = Buffer.concat([Buffer.alloc(100), frame({ name: 'Info', encoder: 'Lavf' })]);
    expect(parseXingFrame(bytes, 100)).toMatchObject({ frames: 193, delay: 576 });
  });

  it('finds the delays where optional fields are left out', () => {
    expect(parseXingFrame(frame({ flags: 1 }))).toMatchObject({ frames: 193, bytes: null, delay: 576, padding: 1404 });
  });

  it('knows no delays of encoders that do not write them', () => {
    expect(parseXingFrame(frame({ encoder: 'FhG' }))).toMatchObject({ frames: 193, delay: null, padding: null });
  });

  it.each([
    ['a frame of music', frame({ name: '\0\0\0\0' })],
    ['no number of frames', frame({ flags: 14 })],
    ['a frame that is not whole', frame().subarray(0, 200)],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_, bytes) => {
    expect(parseXingFrame(bytes)).toBeNull();
  });
});

describe('gaplessSamples', () => {
  it('counts what is played: without delay and padding', () => {
    const xing = parseXingFrame(frame());
    expect(xing && gaplessSamples(xing)).toBe(193 * 1152 - 576 - 1404);
  });

  it('does not guess', () => {
    const xing = parseXingFrame(frame({ encoder: '' }));
    expect(xing && gaplessSamples(xing)).toBeNull();
  });
});
