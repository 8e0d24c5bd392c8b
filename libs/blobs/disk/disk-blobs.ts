import { randomUUID } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { chmod, copyFile, link, mkdir, opendir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobRef, StorageFull } from '#contracts';
import { BlobCorrupt, BlobMissing, Blobs, type ByteRange, type StoredBlob, type WriteOptions } from '../blobs.ts';
import { hasCode } from './error-code.ts';
import { checked, readAndSync, readBytes, writeAndSync } from './hashed-bytes.ts';
import { syncFolder } from './sync-folder.ts';

const incoming = 'incoming';
const remembered = 10_000;
/** Another file system, one without hard links, or somebody else's file. */
const unlinkableCodes = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'];
const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * A file for each blob, below a folder named by the first two digits of its key. What is being written lies in
 * `incoming/` and is moved when it is durable.
 */
export class DiskBlobs extends Blobs {
  /** Blobs whose hash was right, and what the file looked like then. */
  readonly #verified = new Map<string, string>();

  private constructor(private readonly folder: string) {
    super();
  }

  /** Makes the folder, and removes what an earlier process had not finished writing. One process at a time. */
  static async open(folder: string): Promise<DiskBlobs> {
    await rm(join(folder, incoming), { recursive: true, force: true });
    await mkdir(join(folder, incoming), { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    return new DiskBlobs(folder);
  }

  override async write(bytes: AsyncIterable<Uint8Array>, { maxBytes, signal }: WriteOptions): Promise<BlobRef> {
    const key = randomUUID();
    const temporary = join(this.folder, incoming, key);
    try {
      const written = await writeAndSync(temporary, bytes, maxBytes, signal);
      await chmod(temporary, 0o400);
      await this.#publish(temporary, key);
      return { key, ...written };
    } catch (error) {
      await rm(temporary, { force: true });
      if (fullCodes.some((code) => hasCode(error, code))) throw new StorageFull({ cause: error });
      throw error;
    }
  }

  /** A second name for the same file: nothing is copied, and its mode stays as it is. */
  override async adopt(path: string, options: WriteOptions): Promise<BlobRef> {
    const key = randomUUID();
    const temporary = join(this.folder, incoming, key);
    try {
      await link(await realpath(path), temporary);
    } catch (error) {
      if (!unlinkableCodes.some((code) => hasCode(error, code))) throw error;
      return super.adopt(path, options);
    }
    try {
      const read = await readAndSync(temporary, options);
      await this.#publish(temporary, key);
      return { key, ...read };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  override async open(ref: BlobRef, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const path = this.#path(ref.key);
    await this.#statOf(ref);
    if (range === undefined) return checked(path, ref);
    if (range.from < 0 || range.to <= range.from || range.to > ref.bytes)
      throw new RangeError('no such range in the blob');
    return createReadStream(path, { start: range.from, end: range.to - 1, highWaterMark: readBytes });
  }

  override async verify(ref: BlobRef): Promise<void> {
    const looks = fingerprintOf(await this.#statOf(ref), ref);
    if (this.#verified.get(ref.key) === looks) return;
    for await (const _ of checked(this.#path(ref.key), ref));
    this.#verified.set(ref.key, looks);
    const oldest = this.#verified.keys().next();
    if (this.#verified.size > remembered && oldest.done !== true) this.#verified.delete(oldest.value);
  }

  override async place(ref: BlobRef, folder: string): Promise<string> {
    const path = join(folder, ref.key);
    const stored = this.#path(ref.key);
    try {
      await link(stored, path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw new BlobMissing(ref.key);
      if (!unlinkableCodes.some((code) => hasCode(error, code))) throw error;
      await copyFile(stored, path);
    }
    return path;
  }

  override async *list(storedBefore: Date): AsyncIterable<StoredBlob> {
    for (const shelf of (await readdir(this.folder)).filter((name) => name !== incoming).sort()) {
      for await (const { name } of await opendir(join(this.folder, shelf))) {
        const found = await stat(join(this.folder, shelf, name)).catch((error: unknown) => {
          if (hasCode(error, 'ENOENT')) return null;
          throw error;
        });
        if (found !== null && found.mtime < storedBefore) yield { key: name, bytes: found.size, storedAt: found.mtime };
      }
    }
  }

  override async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
    this.#verified.delete(key);
  }

  /** Durable, and only then visible: the rename is on the disk when the folder is. */
  async #publish(temporary: string, key: string): Promise<void> {
    const shelf = join(this.folder, key.slice(0, 2));
    if ((await mkdir(shelf, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(this.folder);
    await rename(temporary, join(shelf, key));
    await syncFolder(shelf);
  }

  async #statOf(ref: BlobRef): Promise<Stats> {
    try {
      const found = await stat(this.#path(ref.key));
      if (found.size !== ref.bytes) throw new BlobCorrupt(ref.key, `it has ${found.size} bytes, not ${ref.bytes}`);
      return found;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw new BlobMissing(ref.key);
      throw error;
    }
  }

  #path(key: string): string {
    const valid = BlobRef.shape.key.parse(key);
    return join(this.folder, valid.slice(0, 2), valid);
  }
}

function fingerprintOf({ size, mtimeMs, ino }: Stats, { sha256 }: BlobRef): string {
  return `${sha256} ${size} ${mtimeMs} ${ino}`;
}
