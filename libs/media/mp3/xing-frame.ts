import { type FrameHeader, parseFrameHeader } from './frame-header.ts';

/** The Xing (or, for a constant bit rate, Info) frame before the music, with LAME's part: what players read. */
export interface XingFrame {
  readonly header: FrameHeader;
  /** Frames of music; this frame is not among them. */
  readonly frames: number;
  /** Bytes from this frame's first to the music's last. */
  readonly bytes: number | null;
  /** Samples that the encoder put before the music (576 with LAME); null without LAME's part. */
  readonly delay: number | null;
  /** Samples that it put after the music. */
  readonly padding: number | null;
}

/** Null when the frame at `at` is no Xing frame, or has no number of frames. */
export function parseXingFrame(bytes: Buffer, at = 0): XingFrame | null {
  const header = parseFrameHeader(bytes, at);
  if (header === null || at + header.length > bytes.length) return null;
  let cursor = at + 4 + header.sideInfoLength;
  const name = bytes.toString('latin1', cursor, cursor + 4);
  if (name !== 'Xing' && name !== 'Info') return null;
  const flags = bytes.readUInt32BE(cursor + 4);
  cursor += 8;
  if ((flags & 1) === 0) return null;
  const frames = bytes.readUInt32BE(cursor);
  cursor += 4;
  let size: number | null = null;
  if ((flags & 2) !== 0) {
    size = bytes.readUInt32BE(cursor);
    cursor += 4;
  }
  if ((flags & 4) !== 0) cursor += 100;
  if ((flags & 8) !== 0) cursor += 4;
  // LAME's part: 9 bytes of version, then 12 to the delays, which share 3 bytes.
  const delays = cursor + 21;
  const hasLame =
    delays + 3 <= at + header.length && /^(LAME|Lavf|Lavc|L3\.9)/.test(bytes.toString('latin1', cursor, cursor + 4));
  const packed = hasLame ? bytes.readUIntBE(delays, 3) : null;
  return {
    header,
    frames,
    bytes: size,
    delay: packed === null ? null : packed >>> 12,
    padding: packed === null ? null : packed & 0xfff,
  };
}

/** Samples per channel that a gapless player plays; null where the frame does not say. */
export function gaplessSamples(xing: XingFrame): number | null {
  if (xing.delay === null || xing.padding === null) return null;
  return xing.frames * xing.header.samples - xing.delay - xing.padding;
}
