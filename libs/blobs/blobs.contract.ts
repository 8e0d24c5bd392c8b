import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobRef } from '#contracts';
import { BlobCorrupt, BlobMissing, type Blobs, BlobTooLarge } from './blobs.ts';

export interface OpenedBlobs {
  readonly blobs: Blobs;
  /** The same store after a restart. */
  reopen(): Promise<Blobs>;
  /** Changes a byte of the stored blob behind the store's back; the number of bytes stays the same. */
  damage(key: string): Promise<void>;
  /** Takes the last byte of the stored blob away. */
  shorten(key: string): Promise<void>;
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const longAgo = () => new Date(Date.now() + 60_000);

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream));
}

/** What every blob store must do, whatever it stores in. */
export function blobsContract(adapter: string, open: () => Promise<OpenedBlobs>): void {
  describe(`${adapter} as a blob store`, () => {
    let opened: OpenedBlobs;
    let blobs: Blobs;
    beforeEach(async () => {
      opened = await open();
      ({ blobs } = opened);
    });
    afterEach(() => opened.close());

    const write = (bytes: Uint8Array): Promise<BlobRef> => blobs.write(chunks(bytes), { maxBytes: mebibyte });
    const listed = async () => (await Array.fromAsync(blobs.list(longAgo()))).map(({ key }) => key);

    it('gives back what was written, under its hash and size', async () => {
      const parts = [randomBytes(70_000), randomBytes(1), randomBytes(130_000)];
      const ref = await blobs.write(chunks(...parts), { maxBytes: mebibyte });
      const whole = Buffer.concat(parts);
      expect(ref).toMatchObject({ bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') });
      expect(await bytesOf(await blobs.open(ref))).toEqual(whole);
    });

    it('stores nothing at all as well', async () => {
      const ref = await write(new Uint8Array(0));
      expect(ref.bytes).toBe(0);
      expect(await bytesOf(await blobs.open(ref))).toHaveLength(0);
    });

    it('keeps equal bytes apart', async () => {
      const [first, second] = [await write(Buffer.from('same')), await write(Buffer.from('same'))];
      expect(first.key).not.toBe(second.key);
      await blobs.remove(first.key);
      expect(await bytesOf(await blobs.open(second))).toEqual(Buffer.from('same'));
    });

    it('still has it after a restart', async () => {
      const ref = await write(Buffer.from('kept'));
      blobs = await opened.reopen();
      expect(await bytesOf(await blobs.open(ref))).toEqual(Buffer.from('kept'));
    });

    it.each([
      [0, 1],
      [0, 200_000],
      [65_535, 65_537],
      [199_999, 200_000],
    ])('gives the bytes from %i to %i', async (from, to) => {
      const bytes = randomBytes(200_000);
      const ref = await write(bytes);
      expect(await bytesOf(await blobs.open(ref, { from, to }))).toEqual(bytes.subarray(from, to));
    });

    it.each([
      [-1, 2],
      [2, 2],
      [3, 2],
      [0, 5],
    ])('refuses the range from %i to %i of four bytes', async (from, to) => {
      const ref = await write(Buffer.from('four'));
      await expect(blobs.open(ref, { from, to })).rejects.toThrow(RangeError);
    });

    it('leaves nothing of more than was allowed', async () => {
      const parts = chunks(randomBytes(mebibyte), randomBytes(1));
      await expect(blobs.write(parts, { maxBytes: mebibyte })).rejects.toThrow(BlobTooLarge);
      expect(await listed()).toEqual([]);
    });

    it('leaves nothing of bytes that broke off', async () => {
      async function* broken() {
        yield randomBytes(1_000);
        throw new Error('connection lost');
      }
      await expect(blobs.write(broken(), { maxBytes: mebibyte })).rejects.toThrow('connection lost');
      expect(await listed()).toEqual([]);
    });

    it('leaves nothing of what was aborted, and shows nothing before it is whole', async () => {
      const abort = new AbortController();
      async function* interrupted() {
        yield randomBytes(1_000);
        expect(await listed()).toEqual([]);
        abort.abort(new Error('gone'));
        yield randomBytes(1_000);
      }
      await expect(blobs.write(interrupted(), { maxBytes: mebibyte, signal: abort.signal })).rejects.toThrow('gone');
      expect(await listed()).toEqual([]);
    });

    it('reads the source no faster than it stores', async () => {
      let given = 0;
      let asked = 0;
      async function* counted() {
        for (; given < 64; given += 1) {
          asked += 1;
          expect(asked - given).toBe(1);
          yield randomBytes(16_384);
        }
      }
      const ref = await blobs.write(counted(), { maxBytes: 2 * mebibyte });
      expect(ref.bytes).toBe(64 * 16_384);
    });

    it('never gives a damaged blob out as whole', async () => {
      const ref = await write(randomBytes(200_000));
      await opened.damage(ref.key);
      let received = 0;
      const reading = (async () => {
        for await (const chunk of await blobs.open(ref)) received += chunk.length;
      })();
      await expect(reading).rejects.toThrow(BlobCorrupt);
      expect(received).toBeLessThan(ref.bytes);
    });

    it('sees damage when it verifies, also after it was right before', async () => {
      const ref = await write(randomBytes(200_000));
      await blobs.verify(ref);
      await blobs.verify(ref);
      await opened.damage(ref.key);
      await expect(blobs.verify(ref)).rejects.toThrow(BlobCorrupt);
    });

    it('sees that a byte is missing', async () => {
      const ref = await write(randomBytes(1_000));
      await opened.shorten(ref.key);
      await expect(blobs.open(ref)).rejects.toThrow(BlobCorrupt);
      await expect(blobs.open(ref, { from: 0, to: 10 })).rejects.toThrow(BlobCorrupt);
      await expect(blobs.verify(ref)).rejects.toThrow(BlobCorrupt);
    });

    it('says that a blob is missing', async () => {
      const ref: BlobRef = { key: randomUUID(), sha256: '0'.repeat(64), bytes: 1 };
      await expect(blobs.open(ref)).rejects.toThrow(BlobMissing);
      await expect(blobs.verify(ref)).rejects.toThrow(BlobMissing);
      await expect(blobs.place(ref, tmpdir())).rejects.toThrow(BlobMissing);
      await expect(blobs.remove(ref.key)).resolves.toBeUndefined();
    });

    it('takes nothing for a key but a key', async () => {
      for (const key of ['../../etc/passwd', '', 'incoming', '/etc/passwd', `${randomUUID()}/..`]) {
        await expect(blobs.open({ key, sha256: '0'.repeat(64), bytes: 1 })).rejects.toThrow();
        await expect(blobs.remove(key)).rejects.toThrow();
      }
    });

    it('places a blob as a file, which outlives the blob', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mixdown-place-'));
      try {
        const ref = await write(Buffer.from('placed'));
        const path = await blobs.place(ref, folder);
        await blobs.remove(ref.key);
        expect(await readFile(path, 'utf8')).toBe('placed');
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('adopts a file, also by a symbolic link, and leaves it as it was', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mixdown-adopt-'));
      try {
        const bytes = randomBytes(200_000);
        const path = join(folder, 'video.mp4');
        await writeFile(path, bytes, { mode: 0o640 });
        await symlink(path, join(folder, 'link'));
        const before = await stat(path);
        const ref = await blobs.adopt(join(folder, 'link'), { maxBytes: mebibyte });
        expect(ref).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        expect(await bytesOf(await blobs.open(ref))).toEqual(bytes);
        await blobs.remove(ref.key);
        expect(await readFile(path)).toEqual(bytes);
        const { mode, mtimeMs } = await stat(path);
        expect({ mode, mtimeMs }).toEqual({ mode: before.mode, mtimeMs: before.mtimeMs });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('adopts no more than was allowed, and nothing of what was aborted', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mixdown-adopt-'));
      try {
        const path = join(folder, 'video.mp4');
        await writeFile(path, randomBytes(1_000));
        await expect(blobs.adopt(path, { maxBytes: 999 })).rejects.toThrow(BlobTooLarge);
        const signal = AbortSignal.abort(new Error('gone'));
        await expect(blobs.adopt(path, { maxBytes: mebibyte, signal })).rejects.toThrow('gone');
        await expect(blobs.adopt(join(folder, 'none'), { maxBytes: mebibyte })).rejects.toThrow('ENOENT');
        expect(await listed()).toEqual([]);
        expect((await stat(path)).nlink).toBe(1);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('lists what was stored before a time, and nothing that was removed', async () => {
      const [first, second] = [await write(Buffer.from('1')), await write(Buffer.from('22'))];
      expect(await Array.fromAsync(blobs.list(new Date(Date.now() - 60_000)))).toEqual([]);
      expect((await listed()).sort()).toEqual([first.key, second.key].sort());
      await blobs.remove(first.key);
      expect(await listed()).toEqual([second.key]);
    });
  });
}
