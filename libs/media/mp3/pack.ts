import { bitRatesOf, type FrameHeader, frameLength } from './frame-header.ts';
import { type FoundFrame, NotFrames } from './frame-reader.ts';
import { furthestReach, mainDataBegin, mainDataLength, writeMainDataBegin } from './side-information.ts';

/** Room for main data in frames that are written already; at most 511 bytes of it, so a few of these. */
interface Gap {
  at: number;
  length: number;
}

/** What frames become on their way into a file. */
export interface FrameOutput {
  /** Bytes of all frames so far, as they will be in the file. */
  readonly bytes: number;
  /** @returns what is complete and not returned yet, the caller's from now on; null when that is little */
  push(frame: FoundFrame): Buffer | null;
  /** The rest. */
  end(): Buffer;
}

const flushBytes = 1024 ** 2;
const headerBytes = 4;

/**
 * Gives the bit reservoir back to frames that were encoded without it. Side information and main data stay as they are;
 * each frame gets the smallest bit rate whose room, with what earlier frames left free, takes its main data
 * (ISO 11172-3 section 2.4.3.4). What decodes from it is the same, bit for bit. Linear, with constant memory.
 */
export class Packer implements FrameOutput {
  bytes = 0;
  #buffer = Buffer.alloc(flushBytes + 64 * 1024);
  #length = 0;
  #gaps: Gap[] = [];
  #free = 0;

  push({ header, bytes, at }: FoundFrame): Buffer | null {
    const sideAt = at + headerBytes;
    if (header.protectedByCrc || mainDataBegin(bytes, sideAt, header) !== 0) {
      throw new NotFrames('a frame has a checksum, or leans on those before it');
    }
    const mainAt = sideAt + header.sideInfoLength;
    const mainLength = mainDataLength(bytes, sideAt, header);
    if (mainAt + mainLength > at + header.length) throw new NotFrames('a frame holds less than it says');
    const { index, length } = smallestFrame(header, headerBytes + header.sideInfoLength + mainLength - this.#free);

    bytes.copy(this.#buffer, this.#length, at, mainAt);
    // Bit rate in, padding out.
    this.#buffer.writeUInt8((index << 4) | (bytes.readUInt8(at + 2) & 0x0d), this.#length + 2);
    writeMainDataBegin(this.#buffer, this.#length + headerBytes, header, this.#free);
    const room = headerBytes + header.sideInfoLength;
    this.#gaps.push({ at: this.#length + room, length: length - room });
    this.#free += length - room;
    this.#length += length;
    this.bytes += length;

    this.#fill(bytes, mainAt, mainLength);
    const beyondReach = this.#free - furthestReach(header.version);
    if (beyondReach > 0) this.#fill(zeros, 0, beyondReach);
    return this.#length >= flushBytes ? this.#take(this.#gaps[0]?.at ?? this.#length) : null;
  }

  /** What room is left stays empty. */
  end(): Buffer {
    this.#fill(zeros, 0, this.#free);
    return this.#take(this.#length);
  }

  #fill(from: Buffer, start: number, length: number): void {
    let copied = 0;
    while (copied < length) {
      const gap = this.#gaps[0];
      if (gap === undefined) throw new NotFrames('there is more main data than room');
      const part = Math.min(gap.length, length - copied);
      from.copy(this.#buffer, gap.at, start + copied, start + copied + part);
      copied += part;
      gap.at += part;
      gap.length -= part;
      if (gap.length === 0) this.#gaps.shift();
    }
    this.#free -= length;
  }

  #take(length: number): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, length));
    this.#buffer.copyWithin(0, length, this.#length);
    this.#length -= length;
    for (const gap of this.#gaps) gap.at -= length;
    return taken;
  }
}

/** No frame is longer. */
const zeros = Buffer.alloc(2048);

function smallestFrame(header: FrameHeader, needed: number): { readonly index: number; readonly length: number } {
  const rates = bitRatesOf(header.version);
  for (let index = 1; index < rates.length; index += 1) {
    const length = frameLength(header, rates[index] ?? 0);
    if (length >= needed) return { index, length };
  }
  throw new NotFrames('a frame is longer than the highest bit rate allows');
}
