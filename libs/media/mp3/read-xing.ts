import { open } from 'node:fs/promises';
import { readAt } from '../container/file-window.ts';
import { parseXingFrame, type XingFrame } from './xing-frame.ts';

/** The longest Layer III frame: 320 kbit/s at 32 kHz, or 160 kbit/s at 8 kHz, is 1,441 bytes. */
const longestFrame = 1441;

/** The Xing frame of an MP3 without an ID3 tag in front; null where there is none. Also: the file's size in bytes. */
export async function readXing(path: string): Promise<{ readonly xing: XingFrame | null; readonly size: number }> {
  const file = await open(path, 'r');
  try {
    return { xing: parseXingFrame(await readAt(file, 0, longestFrame)), size: (await file.stat()).size };
  } finally {
    await file.close();
  }
}
