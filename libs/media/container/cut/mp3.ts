import type { FileHandle } from 'node:fs/promises';
import { parseXingFrame } from '../../mp3/xing-frame.ts';
import { readAt } from '../file-window.ts';
import { id3Length } from '../id3.ts';

/** The Xing frame's size of the music; taggers are careless with the last bytes, so a hundredth is let pass. */
export async function isMp3Cut(file: FileHandle, fileSize: number): Promise<boolean> {
  const tag = id3Length(await readAt(file, 0, 10));
  const xing = parseXingFrame(await readAt(file, tag, 4096));
  return xing !== null && xing.bytes !== null && fileSize - tag < xing.bytes * 0.99;
}
