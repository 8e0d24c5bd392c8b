import { type FileHandle, open } from 'node:fs/promises';
import { parseXingFrame } from '../mp3/xing-frame.ts';
import type { Demuxer } from './demuxer.ts';
import { readAt } from './file-window.ts';
import { isMatroskaCut } from './matroska-segment.ts';
import { id3Length } from './sniff.ts';

type CutCheck = (file: FileHandle, fileSize: number) => Promise<boolean>;

const checks: Partial<Record<Demuxer, CutCheck>> = {
  mov: isMovCut,
  matroska: isMatroskaCut,
  ogg: isOggCut,
  mp3: isMp3Cut,
};

/**
 * Whether the container itself says that the file should be longer. ffmpeg exits 0 on many cut files, so this is asked
 * of the bytes. False where a container has no such statement: then durations decide.
 */
export async function isCutOff(path: string, demuxer: Demuxer): Promise<boolean> {
  const check = checks[demuxer];
  if (check === undefined) return false;
  const file = await open(path, 'r');
  try {
    return await check(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** A fragmented hour has about 10,000 boxes; more than this is not looked through. */
const maxBoxes = 50_000;

/** ISO 14496-12 section 4.2: boxes end to end. Cut when one reaches beyond the file, or when no `moov` came. */
async function isMovCut(file: FileHandle, fileSize: number): Promise<boolean> {
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

/** RFC 3533 section 6: a page is a header of 27 bytes, a table of segment lengths, and the segments; at most 65,307. */
async function isOggCut(file: FileHandle, fileSize: number): Promise<boolean> {
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

/** The Xing frame's size of the music; taggers are careless with the last bytes, so a hundredth is let pass. */
async function isMp3Cut(file: FileHandle, fileSize: number): Promise<boolean> {
  const tag = id3Length(await readAt(file, 0, 10));
  const xing = parseXingFrame(await readAt(file, tag, 4096));
  return xing !== null && xing.bytes !== null && fileSize - tag < xing.bytes * 0.99;
}
