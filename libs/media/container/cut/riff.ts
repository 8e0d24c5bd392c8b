import type { FileHandle } from 'node:fs/promises';
import { readAt } from '../file-window.ts';

/**
 * The size of the first RIFF chunk: the whole of a WAV, the first gigabyte of a long AVI. 0 and all ones are what
 * writers leave that could not go back, and RF64 keeps its size elsewhere: they say nothing.
 */
export async function isRiffCut(file: FileHandle, fileSize: number): Promise<boolean> {
  const head = await readAt(file, 0, 8);
  if (head.length < 8 || head.toString('latin1', 0, 4) !== 'RIFF') return false;
  const size = head.readUInt32LE(4);
  return size !== 0 && size !== 0xffffffff && 8 + size > fileSize;
}
