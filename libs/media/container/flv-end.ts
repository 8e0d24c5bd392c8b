import { open } from 'node:fs/promises';
import { readAt } from './file-window.ts';

/**
 * Where an FLV's last tag is, in seconds; null when the file does not end with a whole tag. Adobe's specification 10.1,
 * annex E.3: each tag is followed by its size. The duration in the metadata is that of the longest track, so a short
 * audio track alone says nothing of a cut.
 */
export async function flvEndSeconds(path: string): Promise<number | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const trailer = await readAt(file, Math.max(0, size - 4), 4);
    if (trailer.length < 4) return null;
    const length = trailer.readUInt32BE(0);
    if (length < 11 || length + 4 > size) return null;
    const tag = await readAt(file, size - 4 - length, 11);
    if (tag.length < 11 || tag.readUIntBE(1, 3) + 11 !== length) return null;
    // 24 bits, and the eight above them in a byte of their own.
    return (tag.readUIntBE(4, 3) + tag.readUInt8(7) * 2 ** 24) / 1000;
  } finally {
    await file.close();
  }
}
