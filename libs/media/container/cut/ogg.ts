import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../file-window.ts';

/** RFC 3533 section 6: a page is a header of 27 bytes, a table of segment lengths, and the segments; at most 65,307. */
export async function isOggCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const tail = await readAt(file, Math.max(0, fileSize - 65_307), 65_307);
  const page = tail.lastIndexOf('OggS', undefined, 'latin1');
  if (page < 0) return false;
  if (page + 27 > tail.length) return true;
  const table = page + 27;
  const segments = tail.readUInt8(page + 26);
  if (table + segments > tail.length) return true;
  const bytes = tail.subarray(table, table + segments).reduce((sum, length) => sum + length, 0);
  return table + segments + bytes > tail.length;
}
