import type { Readable } from 'node:stream';
import { type EncodeJob, encodeDeadlineMs, quietMs } from '../encode-job.ts';
import { decodeArgv } from '../ffmpeg/argv.ts';
import { type FfmpegEnd, runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import { openAudio } from '../open-audio.ts';
import type { MediaFailure } from '../outcome.ts';
import { judgeRun } from '../run/judge-run.ts';
import { expectedSeconds, trimInSamples } from '../trim.ts';
import type { Distributed } from './distribute.ts';

const pcmDescriptor = 3;

/** A source of PCM that is looked at: while its reader is busy with what it got, the decoder is held back. */
async function* watched(pcm: Readable, setHeld: (isHeld: boolean) => void): AsyncGenerator<Buffer> {
  for await (const chunk of pcm as AsyncIterable<Buffer>) {
    setHeld(true);
    yield chunk;
    setHeld(false);
  }
}

export interface Decoded extends Distributed {
  readonly ok: true;
  readonly end: FfmpegEnd;
}

/** Decodes the audio from its beginning, in order, as fast as it is read. */
export async function decode(
  job: EncodeJob,
  read: (pcm: AsyncIterable<Buffer>) => Promise<Distributed>,
): Promise<Decoded | MediaFailure> {
  const { audioPath, source, plan, settings, limits } = job;
  const opened = await openAudio(job);
  if (!opened.ok) return opened;
  let isHeld = false;
  let reading: Promise<PromiseSettledResult<Distributed>[]> = Promise.resolve([]);
  const end = await runFfmpeg(job, {
    args: decodeArgv({
      input: audioPath,
      demuxer: opened.demuxer,
      track: opened.track,
      sampleRate: plan.sampleRate,
      channels: plan.channels,
      trim: trimInSamples(settings, source),
      maxSeconds: limits.maxDurationSeconds + 1,
      pipe: pcmDescriptor,
    }),
    inputPath: audioPath,
    durationSeconds: expectedSeconds(source, settings),
    deadlineMs: encodeDeadlineMs(job),
    quietMs: quietMs(settings),
    maxFileBytes: 1024 ** 2,
    onOutput: (pcm) => {
      const setHeld = (held: boolean) => {
        isHeld = held;
      };
      reading = Promise.allSettled([read(watched(pcm, setHeld))]);
    },
    isHeldBack: () => isHeld,
  });
  const [distributed] = await reading;
  if (distributed?.status === 'fulfilled' && !distributed.value.isWhole) return { ok: true, end, ...distributed.value };
  const failed = judgeRun(end, job, source.audio.codec);
  if (failed !== null) return failed;
  if (distributed?.status !== 'fulfilled') throw distributed?.reason ?? new Error('the decoder had no output');
  return { ok: true, end, ...distributed.value };
}
