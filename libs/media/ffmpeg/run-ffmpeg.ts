import { describeSpan } from '#telemetry';
import type { MediaJob } from '../job.ts';
import { ProgressReader, type ProgressReport, toProgress } from '../progress.ts';
import { type Run, type RunEnd, run } from '../run/run.ts';
import { inRunSpan } from '../run/run-span.ts';

export interface FfmpegRun extends Pick<Run, 'onInput' | 'onOutput' | 'isHeldBack'> {
  readonly args: readonly string[];
  /** Absolute path; null when it reads our pipe. */
  readonly inputPath: string | null;
  /** Of the expected output, in seconds; null when not known. */
  readonly durationSeconds: number | null;
  /** Milliseconds; the job's own limit goes before. */
  readonly deadlineMs: number;
  /** Milliseconds beyond the job's own limit in which nothing need come out. */
  readonly quietMs?: number;
  readonly maxFileBytes: number;
}

export interface FfmpegEnd extends RunEnd {
  /** Where the output ends, in seconds of media; null when nothing came out. */
  readonly outSeconds: number | null;
}

/** Runs ffmpeg in its box, watches that it gets on, and passes its progress on. */
export async function runFfmpeg(job: MediaJob, request: FfmpegRun): Promise<FfmpegEnd> {
  const reader = new ProgressReader();
  const deadlineMs = Math.min(request.deadlineMs, job.limits.maxRunMs);
  let latest: ProgressReport | null = null;

  const { onInput, onOutput, isHeldBack } = request;
  const command: Run = {
    ...(onInput === undefined ? {} : { onInput }),
    ...(onOutput === undefined ? {} : { onOutput }),
    ...(isHeldBack === undefined ? {} : { isHeldBack }),
    program: job.engine.ffmpeg,
    args: request.args,
    programFiles: job.engine.programFiles,
    inputs: request.inputPath === null ? [] : [request.inputPath],
    folder: job.folder,
    limits: {
      // Two cores' worth: ffmpeg has threads.
      cpuSeconds: Math.ceil((2 * deadlineMs) / 1000),
      addressSpaceBytes: job.limits.addressSpaceBytes,
      fileSizeBytes: request.maxFileBytes,
    },
    protection: job.engine.protection,
    deadlineMs,
    stallMs: job.limits.stallMs + (request.quietMs ?? 0),
    signal: job.signal,
    onStdout: (chunk) => {
      let advanced = false;
      for (const report of reader.push(chunk)) {
        // ffmpeg goes on reporting while a decoder turns in circles: only media that came out counts.
        advanced ||= report.outSeconds !== latest?.outSeconds || report.bytes !== latest?.bytes;
        latest = report;
        job.onProgress?.(toProgress(report, request.durationSeconds));
      }
      return advanced;
    },
  };
  return inRunSpan('ffmpeg', command, async () => {
    const end = await run(command);
    const outSeconds = outSecondsOf(latest);
    if (outSeconds !== null) describeSpan({ 'mixdown.media.seconds': outSeconds });
    return { ...end, outSeconds };
  });
}

/** Apart, because the compiler does not see that a callback assigns. */
function outSecondsOf(report: ProgressReport | null): number | null {
  return report?.outSeconds ?? null;
}
