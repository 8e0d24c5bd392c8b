import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FrameReader } from '../mp3/frame-reader.ts';
import type { Window } from './windows.ts';

/** Copies a window's own frames out of what its encoder made. @returns how many @throws NotFrames */
export async function cutFrames(
  encodedPath: string,
  segmentPath: string,
  { droppedFrames, keptFrames }: Pick<Window, 'droppedFrames' | 'keptFrames'>,
): Promise<number> {
  const reader = new FrameReader();
  let seen = 0;
  async function* kept(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const parts: Buffer[] = [];
      for (const { header, bytes, at } of reader.push(chunk)) {
        if (seen >= droppedFrames && seen < droppedFrames + keptFrames) {
          parts.push(bytes.subarray(at, at + header.length));
        }
        seen += 1;
      }
      if (parts.length > 0) yield Buffer.concat(parts);
    }
    reader.end();
  }
  await pipeline(createReadStream(encodedPath, { highWaterMark: 256 * 1024 }), kept, createWriteStream(segmentPath));
  return Math.min(Math.max(0, seen - droppedFrames), keptFrames);
}
