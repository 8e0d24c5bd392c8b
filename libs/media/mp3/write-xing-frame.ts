import { crc16 } from './crc16.ts';
import { bitRatesOf, type FrameHeader, frameLength } from './frame-header.ts';

export interface XingContent {
  /** Of the music's first frame. */
  readonly header: FrameHeader;
  /** The music's first four bytes: what is the same in every frame is taken from them. */
  readonly firstBytes: Buffer;
  readonly vbrLevel: number | null;
  readonly frames: number;
  /** Of the whole file, this frame included. */
  readonly fileBytes: number;
  readonly seekTable: Buffer;
  /** At most 9 characters; players look for LAME at the beginning before they believe in the gaps. */
  readonly encoder: string;
  readonly delay: number;
  readonly padding: number;
  readonly musicCrc: number;
}

const xingBytes = 120;
const lameBytes = 36;

type Shape = Pick<XingContent, 'header' | 'vbrLevel'>;

/** Bytes that the frame takes; also known before its content is. */
export function xingFrameLength(shape: Shape): number {
  return frameLength(shape.header, bitRatesOf(shape.header.version)[bitRateIndex(shape)] ?? 0);
}

/** A silent frame that holds LAME's tag: http://gabriel.mp3-tech.org/mp3infotag.html. */
export function writeXingFrame(content: XingContent): Buffer {
  const { header, firstBytes, vbrLevel } = content;
  const frame = Buffer.alloc(xingFrameLength(content));
  firstBytes.copy(frame, 0, 0, 4);
  frame.writeUInt8((bitRateIndex(content) << 4) | (firstBytes.readUInt8(2) & 0x0d), 2);
  const xing = 4 + header.sideInfoLength;
  frame.write(vbrLevel === null ? 'Info' : 'Xing', xing, 'latin1');
  frame.writeUInt32BE(0b1111, xing + 4);
  frame.writeUInt32BE(content.frames, xing + 8);
  frame.writeUInt32BE(content.fileBytes, xing + 12);
  content.seekTable.copy(frame, xing + 16, 0, 100);
  frame.writeUInt32BE(vbrLevel === null ? 0 : 100 - 10 * vbrLevel, xing + 116);
  const lame = xing + xingBytes;
  frame.write(content.encoder.slice(0, 9), lame, 'latin1');
  // Revision 0; the method is a constant bit rate, or LAME's newer variable one.
  frame.writeUInt8(vbrLevel === null ? 1 : 4, lame + 9);
  frame.writeUInt8(vbrLevel === null ? Math.min(header.kbps, 255) : 0, lame + 20);
  frame.writeUIntBE((content.delay << 12) | content.padding, lame + 21, 3);
  frame.writeUInt32BE(content.fileBytes, lame + 28);
  frame.writeUInt16BE(content.musicCrc, lame + 32);
  frame.writeUInt16BE(crc16(frame.subarray(0, lame + 34)), lame + 34);
  return frame;
}

/** That of the music where it is constant and large enough, else the smallest that the tag fits in. */
function bitRateIndex({ header, vbrLevel }: Shape): number {
  const needed = 4 + header.sideInfoLength + xingBytes + lameBytes;
  const rates = bitRatesOf(header.version);
  const least = vbrLevel === null ? header.kbps : 0;
  return rates.findIndex((kbps) => kbps > 0 && kbps >= least && frameLength(header, kbps) >= needed);
}
