import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, PassThrough, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type EncodeJob, encodeDeadlineMs } from '../encode-job.ts';
import { encodeSegmentArgv } from '../ffmpeg/argv.ts';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import { NotFrames } from '../mp3/frame-reader.ts';
import { failure, type MediaFailure } from '../outcome.ts';
import type { Permits } from '../permits.ts';
import { judgeRun } from '../run/judge-run.ts';
import { cutFrames } from './cut-frames.ts';
import type { Sink } from './distribute.ts';
import type { Window } from './windows.ts';

export interface SegmentFrames {
  readonly ok: true;
  readonly path: string;
  readonly frames: number;
  /** Bytes of PCM that it was given, warm-up and look-ahead included. */
  readonly pcmBytes: number;
}

export interface SegmentSink extends Sink {
  /** Rejects with the signal's reason, when aborted. */
  readonly encoded: Promise<SegmentFrames | MediaFailure>;
}

export interface SegmentJob extends EncodeJob {
  /** One for each encoder that may run. */
  readonly permits: Permits;
  /** One for each segment whose PCM may lie in the folder. */
  readonly spool: Permits;
  /** Of the segment; null while it is not known. */
  readonly seconds: number | null;
}

const bufferBytes = 1024 ** 2;

/** Collects a segment's PCM in a file, and encodes that when it is complete and an encoder is free. */
export async function spoolSegment(job: SegmentJob, window: Window): Promise<SegmentSink> {
  const free = await job.spool.acquire(job.signal);
  const pcmPath = join(job.folder, `${window.index}.pcm`);
  const file = createWriteStream(pcmPath, { highWaterMark: bufferBytes, signal: job.signal });
  const encode = async () => {
    try {
      await finished(file);
      return await encodePcm(job, window, { input: pcmPath, stream: null, pcmBytes: () => file.bytesWritten });
    } finally {
      await rm(pcmPath, { force: true });
      free();
    }
  };
  return sinkOf(file, encode());
}

/** Encodes a segment's PCM as it comes: that of the last, of which nobody knows how long it will be. */
export async function streamSegment(job: SegmentJob, window: Window): Promise<SegmentSink> {
  const stream = addAbortSignal(job.signal, new PassThrough({ highWaterMark: bufferBytes }));
  const begun = Promise.withResolvers<void>();
  let pcmBytes = 0;
  const encode = async () => {
    await begun.promise;
    return encodePcm(job, window, { input: 'pipe:0', stream, pcmBytes: () => pcmBytes });
  };
  stream.on('close', begun.resolve);
  const sink = sinkOf(
    stream,
    encode().finally(() => stream.destroy()),
  );
  return {
    ...sink,
    write: (bytes) => {
      pcmBytes += bytes.length;
      begun.resolve();
      return sink.write(bytes);
    },
    end: () => {
      begun.resolve();
      return sink.end();
    },
  };
}

function sinkOf(stream: Writable, encoded: SegmentSink['encoded']): SegmentSink {
  // Whoever made the sink asks what came of it; whoever writes only must not wait for ever.
  stream.on('error', () => undefined);
  return {
    encoded,
    write: (bytes) =>
      new Promise((resolve) => {
        if (stream.destroyed || stream.write(bytes)) return resolve();
        const goOn = () => {
          stream.off('drain', goOn).off('close', goOn);
          resolve();
        };
        stream.on('drain', goOn).on('close', goOn);
      }),
    end: async () => {
      if (!stream.destroyed) stream.end();
    },
  };
}

interface Pcm {
  /** A path, or ffmpeg's name of its standard input, which then is fed by the stream. */
  readonly input: string;
  readonly stream: PassThrough | null;
  readonly pcmBytes: () => number;
}

async function encodePcm(
  job: SegmentJob,
  window: Window,
  { input, stream, pcmBytes }: Pcm,
): Promise<SegmentFrames | MediaFailure> {
  const { plan, settings, limits } = job;
  const release = await job.permits.acquire(job.signal);
  const encodedPath = join(job.folder, `${window.index}.encoded`);
  const path = join(job.folder, `${window.index}.frames`);
  try {
    job.signal.throwIfAborted();
    if (pcmBytes() === 0) {
      await writeFile(path, '');
      return { ok: true, path, frames: 0, pcmBytes: 0 };
    }
    const end = await runFfmpeg(job, {
      args: encodeSegmentArgv({
        ...{ input, output: encodedPath, quality: settings.quality, maxBytes: limits.maxOutputBytes },
        ...{ sampleRate: plan.sampleRate, channels: plan.channels },
      }),
      inputPath: stream === null ? input : null,
      durationSeconds: job.seconds,
      deadlineMs: encodeDeadlineMs(job),
      maxFileBytes: limits.maxOutputBytes + 1024 ** 2,
      ...(stream === null
        ? {}
        : { onInput: (stdin: Writable) => void stream.pipe(stdin).on('close', () => stream.destroy()) }),
    });
    const failed = judgeRun(end, job);
    if (failed !== null) return failed;
    return { ok: true, path, frames: await cutFrames(encodedPath, path, window), pcmBytes: pcmBytes() };
  } catch (error) {
    if (!(error instanceof NotFrames)) throw error;
    return failure('encoder-crashed', `What the encoder made is no MP3: ${error.message}.`, true);
  } finally {
    await rm(encodedPath, { force: true });
    release();
  }
}
