import { Blobs, type ByteRange, type StoredBlob, type WriteOptions } from '#blobs';
import type { BlobRef } from '#contracts';
import { describeSpan, inSpan } from '#telemetry';

/** Writing and checking a blob takes as long as its bytes do: these are spans. A write has the time in which they came. */
export class TracedBlobs extends Blobs {
  constructor(private readonly blobs: Blobs) {
    super();
  }

  override write(bytes: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobRef> {
    return inSpan('write blob', async () => {
      const ref = await this.blobs.write(bytes, options);
      describeSpan(attributesOf(ref));
      return ref;
    });
  }

  override verify(ref: BlobRef): Promise<void> {
    return inSpan('verify blob', () => this.blobs.verify(ref), { attributes: attributesOf(ref) });
  }

  override open(ref: BlobRef, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    return this.blobs.open(ref, range);
  }

  override place(ref: BlobRef, folder: string): Promise<string> {
    return this.blobs.place(ref, folder);
  }

  override list(storedBefore: Date): AsyncIterable<StoredBlob> {
    return this.blobs.list(storedBefore);
  }

  override remove(key: string): Promise<void> {
    return this.blobs.remove(key);
  }
}

function attributesOf({ key, bytes }: BlobRef) {
  return { 'mixdown.blob.key': key, 'mixdown.blob.bytes': bytes };
}
