import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { audioCopyMuxer } from './container/audio-copy-format.ts';
import type { Demuxer } from './container/demuxer.ts';
import { audioCopyArgv } from './ffmpeg/argv.ts';
import { type FfmpegEnd, runFfmpeg } from './ffmpeg/run-ffmpeg.ts';
import type { MediaJob } from './job.ts';
import { failure, type MediaFailure } from './outcome.ts';
import { judgeRun, linesOf } from './run/judge-run.ts';

export interface CopyRequest {
  readonly inputPath: string;
  readonly demuxer: Demuxer;
  readonly codec: string;
  readonly track: number;
  /** The container's number of the audio stream. */
  readonly streamIndex: number;
  readonly durationSeconds: number | null;
  /** False: the copy would not decode to the same samples. */
  readonly copyable: boolean;
}

export interface CopiedAudio {
  readonly ok: true;
  readonly audioPath: string;
  /** Where the audio ends, in seconds from the container's start; null when there is none. */
  readonly endSeconds: number | null;
}

/**
 * Copies the audio out, or, where the container cannot carry it alone, reads it through once, so that a cut is found
 * here in either case; then the input itself is the audio.
 */
export async function copyAudio(job: MediaJob, request: CopyRequest): Promise<CopiedAudio | MediaFailure> {
  const muxer = request.copyable ? audioCopyMuxer(request.demuxer, request.codec) : null;
  if (muxer !== null) {
    const audioPath = join(job.folder, 'audio');
    const copied = await pass(job, request, muxer, audioPath);
    // Timestamps that the muxer refuses are no fault of the decoder's: the input can still be converted as it is.
    if (copied.ok || copied.code !== 'encoder-crashed' || copied.isOurs) return copied;
  }
  return pass(job, request, 'null', request.inputPath);
}

type PassFailure = MediaFailure & { readonly isOurs?: boolean };

async function pass(
  job: MediaJob,
  request: CopyRequest,
  muxer: string,
  audioPath: string,
): Promise<CopiedAudio | PassFailure> {
  const { size } = await stat(request.inputPath);
  // A container around audio alone can cost more than the video that was left out saved, but never this much.
  const maxBytes = 2 * size + 64 * 1024 ** 2;
  const end = await runFfmpeg(job, {
    args: audioCopyArgv({
      input: request.inputPath,
      output: muxer === 'null' ? '-' : audioPath,
      demuxer: request.demuxer,
      muxer,
      track: request.track,
      maxSeconds: job.limits.maxDurationSeconds + 1,
      maxBytes,
    }),
    inputPath: request.inputPath,
    durationSeconds: request.durationSeconds,
    // Demuxing reads; 2 MB/s is slow for a network disk.
    deadlineMs: 60_000 + size / 2000,
    maxFileBytes: maxBytes,
  });
  const failed = judgeRun(end, job);
  if (failed !== null) return { ...failed, isOurs: end.reason !== 'exited' || end.signal !== null };
  const damage = damageIn(end, request.streamIndex);
  if (damage) return failure('truncated', 'The audio track ends in the middle of a packet.');
  if (end.outSeconds !== null && end.outSeconds > job.limits.maxDurationSeconds) {
    return failure('too-long', `The audio is longer than ${job.limits.maxDurationSeconds} seconds.`);
  }
  return { ok: true, audioPath, endSeconds: end.outSeconds };
}

/** What ffmpeg tells of and passes over: it exits 0. Only the demuxer's own words count, not the file's tags. */
function damageIn(end: FfmpegEnd, streamIndex: number): boolean {
  const corrupt = `Packet corrupt (stream = ${streamIndex},`;
  return linesOf(end.stderr).some(
    (line) => /^\[[\w,]+ @ \w+\] (File ended prematurely|Read error)/.test(line) || line.includes(corrupt),
  );
}
