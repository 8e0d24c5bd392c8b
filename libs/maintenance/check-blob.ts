import { BlobCorrupt, BlobMissing, type Blobs } from '#blobs';
import type { BlobRef } from '#contracts';

/** Reads and hashes the whole blob. @returns what is wrong with it; null when it is as recorded */
export async function checkBlob(blobs: Blobs, ref: BlobRef): Promise<string | null> {
  try {
    for await (const _ of await blobs.open(ref));
    return null;
  } catch (error) {
    if (error instanceof BlobMissing || error instanceof BlobCorrupt) return error.message;
    throw error;
  }
}
