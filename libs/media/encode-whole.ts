import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type EncodeJob, encodeDeadlineMs, quietMs } from './encode-job.ts';
import { encodeWholeArgv } from './ffmpeg/argv.ts';
import { runFfmpeg } from './ffmpeg/run-ffmpeg.ts';
import { judgeOutput } from './judge-output.ts';
import { openAudio } from './open-audio.ts';
import { type EncodedWhole, failure, type MediaFailure } from './outcome.ts';
import { judgeRun } from './run/judge-run.ts';
import { expectedSeconds, trimInSamples } from './trim.ts';

/**
 * Makes all frames in one pass and judges them: an output that is shorter than its source is a failure.
 * @throws the signal's reason, when aborted
 */
export async function encodeWhole(job: EncodeJob): Promise<EncodedWhole | MediaFailure> {
  const { audioPath, source, plan, settings, limits } = job;
  job.signal.throwIfAborted();
  const opened = await openAudio(job);
  if (!opened.ok) return opened;

  const outputPath = join(job.folder, 'output.mp3');
  const expected = expectedSeconds(source, settings);
  const end = await runFfmpeg(job, {
    args: encodeWholeArgv({
      input: audioPath,
      output: outputPath,
      demuxer: opened.demuxer,
      track: opened.track,
      quality: settings.quality,
      sampleRate: plan.sampleRate,
      channels: plan.channels,
      trim: trimInSamples(settings, source),
      maxSeconds: limits.maxDurationSeconds + 1,
      maxBytes: limits.maxOutputBytes,
    }),
    inputPath: audioPath,
    durationSeconds: expected,
    deadlineMs: encodeDeadlineMs(job),
    quietMs: quietMs(settings),
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
  return judgeOutput({ outputPath, end, expectedSeconds: expected });
}
