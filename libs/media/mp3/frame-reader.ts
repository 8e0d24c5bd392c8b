import { type FrameHeader, parseFrameHeader } from './frame-header.ts';

/** The bytes are not one Layer III frame after the other. */
export class NotFrames extends Error {
  readonly code = 'not-frames';
  constructor(what: string) {
    super(what);
    this.name = 'NotFrames';
  }
}

/** A frame within `bytes`; they are only lent until the next one is asked for. */
export interface FoundFrame {
  readonly header: FrameHeader;
  readonly bytes: Buffer;
  readonly at: number;
}

/** Cuts a stream of bytes into frames, with one frame more than a chunk in memory. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are whole by now. @throws NotFrames */
  *push(chunk: Uint8Array): Generator<FoundFrame> {
    const lent = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = this.#rest.length === 0 ? lent : Buffer.concat([this.#rest, lent]);
    let at = 0;
    while (at + 4 <= bytes.length) {
      const header = parseFrameHeader(bytes, at);
      if (header === null) throw new NotFrames('no frame begins where one should');
      if (at + header.length > bytes.length) break;
      yield { header, bytes, at };
      at += header.length;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** @throws NotFrames when the last frame is not whole */
  end(): void {
    if (this.#rest.length > 0) throw new NotFrames('the last frame is not whole');
  }
}
