import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan, Settings, Source } from '#contracts';
import { isCutOff } from './container/cut-off.ts';
import type { Demuxer } from './container/demuxer.ts';
import { sniffContainer } from './container/sniff.ts';
import { encodeWholeArgv } from './ffmpeg/argv.ts';
import { runFfmpeg } from './ffmpeg/run-ffmpeg.ts';
import type { MediaJob } from './job.ts';
import { judgeOutput } from './judge-output.ts';
import { type Encoded, failure, type MediaFailure } from './outcome.ts';
import { probe } from './probe/probe.ts';
import { judgeRun } from './run/judge-run.ts';

export interface EncodeJob extends MediaJob {
  /** As `inspectSource` gave it. */
  readonly audioPath: string;
  readonly source: Source;
  readonly plan: Plan;
  readonly settings: Settings;
}

/**
 * Makes the whole MP3 in one pass and judges it: an output that is shorter than its source is a failure.
 * @throws the signal's reason, when aborted
 */
export async function encodeWhole(job: EncodeJob): Promise<Encoded | MediaFailure> {
  const { audioPath, source, plan, settings, limits } = job;
  job.signal.throwIfAborted();
  const demuxer = await sniffContainer(audioPath);
  if (demuxer === null) return failure('not-media', 'The audio is in no container that is read.');
  if (await isCutOff(audioPath, demuxer)) return failure('truncated', 'The container says that the file is longer.');
  const located = await locateTrack(job, demuxer);
  if (!located.ok) return located;

  const outputPath = join(job.folder, 'output.mp3');
  const expectedSeconds = expectedOf(source, settings);
  const end = await runFfmpeg(job, {
    args: encodeWholeArgv({
      input: audioPath,
      output: outputPath,
      demuxer,
      track: located.track,
      quality: settings.quality,
      sampleRate: plan.sampleRate,
      channels: plan.channels,
      trim: trimOf(settings, source),
      maxSeconds: limits.maxDurationSeconds + 1,
      maxBytes: limits.maxOutputBytes,
    }),
    inputPath: audioPath,
    durationSeconds: expectedSeconds,
    // A machine that encodes slower than the music plays is of no use.
    deadlineMs: 60_000 + 1000 * (source.durationSeconds ?? limits.maxDurationSeconds),
    // What is before the trim is decoded and dropped, at 20 times the music's speed or more.
    quietMs: 50 * (settings.trim?.start ?? 0),
    // ffmpeg stops at its own limit, a frame late; the system's is for when it does not.
    maxFileBytes: limits.maxOutputBytes + 1024 ** 2,
  });
  const failed = judgeRun(end, job, source.audio.codec);
  if (failed !== null) return failed;
  const { size } = await stat(outputPath);
  if (size >= limits.maxOutputBytes)
    return failure('output-too-large', `The output reached ${limits.maxOutputBytes} bytes.`);
  if (end.outSeconds !== null && end.outSeconds > limits.maxDurationSeconds) {
    return failure('too-long', `The audio is longer than ${limits.maxDurationSeconds} seconds.`);
  }
  return judgeOutput({ outputPath, end, expectedSeconds });
}

/** A copy holds one track; the source itself holds them all. Of the first one it makes no difference, so nobody is asked. */
async function locateTrack(
  job: EncodeJob,
  demuxer: Demuxer,
): Promise<{ readonly ok: true; readonly track: number } | MediaFailure> {
  const { track } = job.source.audio;
  if (track === 0) return { ok: true, track };
  const probing = await probe(job, job.audioPath, demuxer);
  if (!probing.ok) return probing;
  const tracks = probing.probed.streams.filter((stream) => stream.codec_type === 'audio').length;
  return { ok: true, track: tracks > 1 ? track : 0 };
}

function trimOf(settings: Settings, source: Source) {
  const { trim } = settings;
  if (trim === undefined) return null;
  const samples = (seconds: number) => Math.round(seconds * source.audio.sampleRate);
  return { startSample: samples(trim.start ?? 0), endSample: trim.end === undefined ? null : samples(trim.end) };
}

function expectedOf(source: Source, settings: Settings): number | null {
  if (source.durationSeconds === null) return null;
  const end = Math.min(settings.trim?.end ?? Number.POSITIVE_INFINITY, source.durationSeconds);
  return Math.max(0, end - (settings.trim?.start ?? 0));
}
