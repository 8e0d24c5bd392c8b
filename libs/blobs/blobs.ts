import { createReadStream } from 'node:fs';
import type { BlobRef } from '#contracts';

/** Bytes `from` (included) to `to` (not included). */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface WriteOptions {
  readonly maxBytes: number;
  /** Aborting leaves nothing to see. */
  readonly signal?: AbortSignal;
}

export interface StoredBlob {
  readonly key: string;
  readonly bytes: number;
  readonly storedAt: Date;
}

/** Immutable byte sequences under random keys. */
export abstract class Blobs {
  /**
   * Streams the bytes in, hashing as they pass, with one buffer in memory. The blob is visible only when durable.
   *
   * @throws {@link BlobTooLarge} more than `maxBytes` came
   * @throws StorageFull there is no room
   */
  abstract write(bytes: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobRef>;

  /**
   * Takes a file of this machine in: as it is where the store can have it without a copy, else by copying it. The file
   * is neither changed nor removed; as long as the blob is used, it must not be changed by others either.
   * @throws as {@link write}
   */
  adopt(path: string, options: WriteOptions): Promise<BlobRef> {
    return this.write(createReadStream(path), options);
  }

  /**
   * The whole blob, or a range of it. Without a range the hash is checked as the bytes pass: the last chunk is only
   * given out when the whole was right, else the iteration throws {@link BlobCorrupt}.
   *
   * @throws {@link BlobMissing} there is no such blob
   * @throws {@link BlobCorrupt} its size is not the recorded one
   */
  abstract open(ref: BlobRef, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;

  /**
   * Reads the whole blob and compares its hash; remembers that it did, as long as the blob stays as it is.
   * @throws {@link BlobMissing} | {@link BlobCorrupt}
   */
  abstract verify(ref: BlobRef): Promise<void>;

  /**
   * As a file in `folder`, which must be on this machine: a hard link or a download. Not to be written to.
   * @returns the file's path
   * @throws {@link BlobMissing}
   */
  abstract place(ref: BlobRef, folder: string): Promise<string>;

  /** For the sweeper: everything stored before then. */
  abstract list(storedBefore: Date): AsyncIterable<StoredBlob>;

  /** Removing what is not there is not an error. */
  abstract remove(key: string): Promise<void>;
}

export class BlobMissing extends Error {
  readonly code = 'blob-missing';
  constructor(readonly key: string) {
    super(`blob ${key} is missing`);
    this.name = 'BlobMissing';
  }
}

export class BlobCorrupt extends Error {
  readonly code = 'blob-corrupt';
  constructor(
    readonly key: string,
    what: string,
  ) {
    super(`blob ${key} is corrupt: ${what}`);
    this.name = 'BlobCorrupt';
  }
}

export class BlobTooLarge extends Error {
  readonly code = 'blob-too-large';
  constructor(readonly maxBytes: number) {
    super(`more than ${maxBytes} bytes came`);
    this.name = 'BlobTooLarge';
  }
}
