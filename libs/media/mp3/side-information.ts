import type { FrameHeader } from './frame-header.ts';

/** Bytes that a frame may reach back for its main data: `main_data_begin` has 9 bits in MPEG-1, 8 below. */
export function furthestReach(version: FrameHeader['version']): 511 | 255 {
  return version === 1 ? 511 : 255;
}

/**
 * Bytes of main data that a frame's side information tells of: the sum of its `part2_3_length` fields, which are in bits,
 * one for each granule and channel. ISO 11172-3 section 2.4.1.7, ISO 13818-3 section 2.4.1.7.
 * @param at where the side information begins
 */
export function mainDataLength(bytes: Buffer, at: number, { version, channels }: FrameHeader): number {
  const mono = channels === 1;
  // MPEG-1: main_data_begin, private bits, scfsi; then granules of 59 bits a channel. Below: no scfsi, 63 bits.
  const first = version === 1 ? (mono ? 18 : 20) : mono ? 9 : 10;
  const step = version === 1 ? 59 : 63;
  const fields = version === 1 ? 2 * channels : channels;
  let bits = 0;
  for (let field = 0; field < fields; field += 1) bits += read12(bytes, at, first + field * step);
  return (bits + 7) >>> 3;
}

export function mainDataBegin(bytes: Buffer, at: number, { version }: FrameHeader): number {
  return version === 1 ? bytes.readUInt16BE(at) >>> 7 : bytes.readUInt8(at);
}

export function writeMainDataBegin(bytes: Buffer, at: number, { version }: FrameHeader, begin: number): void {
  if (version === 1) bytes.writeUInt16BE((begin << 7) | (bytes.readUInt16BE(at) & 0x7f), at);
  else bytes.writeUInt8(begin, at);
}

function read12(bytes: Buffer, at: number, bit: number): number {
  const word = bytes.readUIntBE(at + (bit >>> 3), 3);
  return (word >>> (12 - (bit & 7))) & 0xfff;
}
