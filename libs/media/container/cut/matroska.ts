import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../file-window.ts';

/** RFC 8794 and RFC 9559: the EBML header, then a Segment with its size; all ones means unknown (a live recording). */
export async function isMatroskaCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const head = await readAt(file, 0, 4096);
  const header = sizeAt(head, 4);
  if (header === null || header.value === null) return false;
  const segment = 4 + header.length + header.value;
  if (segment + 12 > head.length || head.readUInt32BE(segment) !== 0x18538067) return false;
  const size = sizeAt(head, segment + 4);
  if (size === null || size.value === null) return false;
  return segment + 4 + size.length + size.value > fileSize;
}

/** An EBML variable-size integer: as many bytes as its first byte has leading zeros, and one. */
function sizeAt(head: Buffer, at: number): { readonly length: number; readonly value: number | null } | null {
  const first = head[at];
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > head.length) return null;
  const mask = 0xff >> length;
  let value = first & mask;
  let allOnes = value === mask;
  for (let index = 1; index < length; index++) {
    const byte = head.readUInt8(at + index);
    value = value * 256 + byte;
    allOnes &&= byte === 0xff;
  }
  return { length, value: allOnes ? null : value };
}
