import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '#contracts';
import { crc16 } from './mp3/crc16.ts';
import type { FrameHeader } from './mp3/frame-header.ts';
import { type FoundFrame, FrameReader, NotFrames } from './mp3/frame-reader.ts';
import { Keeper } from './mp3/keep.ts';
import { Packer } from './mp3/pack.ts';
import { SeekTable } from './mp3/seek-table.ts';
import { writeXingFrame, xingFrameLength } from './mp3/write-xing-frame.ts';
import { failure, type Joined, type MediaFailure } from './outcome.ts';

export interface JoinJob {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly settings: Settings;
  /** In their order. */
  readonly segments: readonly { readonly samples: number; open(): Promise<AsyncIterable<Uint8Array>> }[];
  /** The encoder's name and version, as it goes into the file's tag. */
  readonly encoder: string;
  readonly maxBytes: number;
}

/** LAME's own delay, without what a decoder adds. */
const encoderDelay = 576;
/** The tag has 12 bits for it. */
const mostPadding = 4095;

/**
 * Makes the MP3 of its segments' frames: a variable bit rate gets its reservoir back, and the tag in front says how many
 * samples are music. Streams: memory does not grow with the file.
 * @throws the signal's reason, when aborted
 */
export async function joinSegments(job: JoinJob): Promise<Joined | MediaFailure> {
  const outputPath = join(job.folder, 'joined.mp3');
  const file = await open(outputPath, 'w');
  try {
    return await writeInto(file, outputPath, job);
  } catch (error) {
    if (!(error instanceof NotFrames)) throw error;
    return failure('encoder-crashed', `A segment is no MP3: ${error.message}.`, true);
  } finally {
    await file.close();
  }
}

async function writeInto(file: FileHandle, outputPath: string, job: JoinJob): Promise<Joined | MediaFailure> {
  const { quality } = job.settings;
  const vbrLevel = quality.mode === 'vbr' ? quality.level : null;
  const output = vbrLevel === null ? new Keeper() : new Packer();
  const table = new SeekTable();
  let first: { readonly header: FrameHeader; readonly firstBytes: Buffer } | null = null;
  let tagBytes = 0;
  let musicBytes = 0;
  let musicCrc = 0;
  const write = async (bytes: Buffer) => {
    await file.write(bytes, 0, bytes.length, tagBytes + musicBytes);
    musicCrc = crc16(bytes, musicCrc);
    musicBytes += bytes.length;
  };

  for await (const chunk of framesOf(job)) {
    const ready: Buffer[] = [];
    for (const frame of chunk) {
      const { header, bytes, at } = frame;
      if (first === null) {
        first = { header, firstBytes: Buffer.from(bytes.subarray(at, at + 4)) };
        tagBytes = xingFrameLength({ header, vbrLevel });
      }
      table.add(tagBytes + output.bytes);
      const complete = output.push(frame);
      if (complete !== null) ready.push(complete);
    }
    if (ready.length > 0) await write(Buffer.concat(ready));
    if (musicBytes >= job.maxBytes) {
      return failure('output-too-large', `The output reached ${job.maxBytes} bytes.`);
    }
  }
  await write(output.end());

  const samples = job.segments.reduce((sum, segment) => sum + segment.samples, 0);
  if (first === null || samples === 0) return failure('no-audio', 'No sound is left.');
  const padding = table.frames * first.header.samples - encoderDelay - samples;
  if (padding < 0 || padding > mostPadding) {
    return failure('encoder-crashed', `${table.frames} frames do not hold ${samples} samples.`, true);
  }
  const fileBytes = tagBytes + musicBytes;
  const tag = writeXingFrame({
    ...{ ...first, vbrLevel, frames: table.frames, fileBytes, seekTable: table.entries(fileBytes) },
    ...{ encoder: job.encoder, delay: encoderDelay, padding, musicCrc },
  });
  await file.write(tag, 0, tag.length, 0);
  return { ok: true, outputPath, samples, encoderDelay, encoderPadding: padding };
}

/** The frames of all segments, chunk by chunk. */
async function* framesOf({ segments, signal }: JoinJob): AsyncGenerator<Iterable<FoundFrame>> {
  for (const segment of segments) {
    const reader = new FrameReader();
    for await (const chunk of await segment.open()) {
      signal.throwIfAborted();
      yield reader.push(chunk);
    }
    reader.end();
  }
}
