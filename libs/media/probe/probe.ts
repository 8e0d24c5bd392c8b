import { z } from 'zod';
import type { Demuxer } from '../container/demuxer.ts';
import { probeArgv } from '../ffmpeg/argv.ts';
import type { MediaJob } from '../job.ts';
import { failure, type MediaFailure } from '../outcome.ts';
import { judgeRun } from '../run/judge-run.ts';
import { type Run, run } from '../run/run.ts';
import { inRunSpan } from '../run/run-span.ts';

const Seconds = z.coerce.number().optional().catch(undefined);

const Probed = z.object({
  streams: z
    .array(
      z.object({
        index: z.number(),
        codec_type: z.string().optional(),
        codec_name: z.string().optional(),
        codec_tag_string: z.string().optional(),
        sample_rate: z.coerce.number().optional().catch(undefined),
        channels: z.number().optional(),
        start_time: Seconds,
        duration: Seconds,
        disposition: z.object({ default: z.number().optional() }).optional(),
        side_data_list: z.array(z.object({ side_data_type: z.string().optional() })).optional(),
      }),
    )
    .default([]),
  format: z.object({ duration: Seconds, start_time: Seconds }).default({}),
});
export type Probed = z.infer<typeof Probed>;
export type ProbedStream = Probed['streams'][number];

/** A hundred streams take some 30 KiB. */
const maxJsonBytes = 1024 ** 2;

export type ProbeOutcome = { readonly ok: true; readonly probed: Probed; readonly messages: string } | MediaFailure;

/** What ffprobe makes of a file, validated. */
export async function probe(job: MediaJob, input: string, demuxer: Demuxer): Promise<ProbeOutcome> {
  let json = '';
  const deadlineMs = Math.min(job.limits.maxRunMs, job.limits.stallMs);
  const request: Run = {
    program: job.engine.ffprobe,
    args: probeArgv({ input, demuxer }),
    programFiles: job.engine.programFiles,
    inputs: [input],
    folder: job.folder,
    limits: {
      cpuSeconds: Math.ceil(deadlineMs / 1000),
      addressSpaceBytes: job.limits.addressSpaceBytes,
      fileSizeBytes: 0,
    },
    protection: job.engine.protection,
    deadlineMs,
    stallMs: null,
    signal: job.signal,
    onStdout: (chunk) => {
      if (json.length < maxJsonBytes) json += chunk;
      return true;
    },
  };
  const end = await inRunSpan('ffprobe', request, () => run(request));
  const failed = judgeRun(end, job);
  if (failed !== null) return failed;
  if (json.length >= maxJsonBytes) return failure('not-media', 'The file describes more streams than can be read.');
  const parsed = Probed.safeParse(parseJson(json));
  if (!parsed.success) return failure('internal', 'The description of the file could not be read.', true);
  return { ok: true, probed: parsed.data, messages: end.stderr };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no description: the schema refuses it.
    return undefined;
  }
}
