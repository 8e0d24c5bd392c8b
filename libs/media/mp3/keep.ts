import type { FoundFrame } from './frame-reader.ts';
import type { FrameOutput } from './pack.ts';

/** Frames as they are: those of a constant bit rate have their size by it. */
export class Keeper implements FrameOutput {
  bytes = 0;

  push({ header, bytes, at }: FoundFrame): Buffer {
    this.bytes += header.length;
    return Buffer.from(bytes.subarray(at, at + header.length));
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }
}
