import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../file-window.ts';

/** A fragmented hour has about 10,000 boxes; more than this is not looked through. */
const maxBoxes = 50_000;

/** ISO 14496-12 section 4.2: boxes end to end. Cut when one reaches beyond the file, or when no `moov` came. */
export async function isMovCut(file: FileHandle, fileSize: number): Promise<boolean> {
  let at = 0;
  let hasMovie = false;
  for (let boxes = 0; boxes < maxBoxes; boxes++) {
    const header = await readAt(file, at, 16);
    if (header.length < 8) break;
    const type = header.toString('latin1', 4, 8);
    // Some writers leave garbage behind the last box; it is no box that was cut.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    hasMovie ||= type === 'moov';
    const size = header.readUInt32BE(0);
    if (size === 0) break;
    const length =
      size !== 1 ? size : header.length < 16 ? Number.POSITIVE_INFINITY : Number(header.readBigUInt64BE(8));
    if (length < 8) break;
    at += length;
    if (at > fileSize) return true;
  }
  return !hasMovie;
}
