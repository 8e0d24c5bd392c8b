import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { BlobRef } from '#contracts';
import { BlobCorrupt, BlobTooLarge, type WriteOptions } from '../blobs.ts';

export const readBytes = 64 * 1024;
/** Larger, where nobody waits for the first chunk. */
const hashBytes = 1024 * 1024;

/** A new file of these bytes, on the disk when it resolves. @throws BlobTooLarge */
export async function writeAndSync(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Omit<BlobRef, 'key'>> {
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let written = 0;
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    if (written + chunk.length > maxBytes) throw new BlobTooLarge(maxBytes);
    hash.update(chunk);
    await file.writeFile(chunk);
    written += chunk.length;
  }
  signal?.throwIfAborted();
  await file.sync();
  return { sha256: hash.digest('hex'), bytes: written };
}

/** Of bytes that are there already. */
export async function readAndSync(path: string, { maxBytes, signal }: WriteOptions): Promise<Omit<BlobRef, 'key'>> {
  await using file = await open(path, 'r');
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of file.createReadStream({ highWaterMark: hashBytes, autoClose: false })) {
    signal?.throwIfAborted();
    read += chunk.length;
    if (read > maxBytes) throw new BlobTooLarge(maxBytes);
    hash.update(chunk);
  }
  await file.sync();
  return { sha256: hash.digest('hex'), bytes: read };
}

/** Holds the last chunk back until the hash of the whole was right. */
export async function* checked(path: string, { key, sha256, bytes }: BlobRef): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let seen = 0;
  let held: Uint8Array | null = null;
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes }) as AsyncIterable<Uint8Array>) {
    if (held !== null) yield held;
    hash.update(chunk);
    seen += chunk.length;
    held = chunk;
  }
  if (seen !== bytes) throw new BlobCorrupt(key, `${seen} bytes were read, not ${bytes}`);
  if (hash.digest('hex') !== sha256) throw new BlobCorrupt(key, 'its hash is not the recorded one');
  if (held !== null) yield held;
}
