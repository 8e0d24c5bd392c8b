import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Plan } from '#contracts';
import type { EncodeRangeJob } from '../encode-job.ts';
import { encodedSamples } from '../judge-output.ts';
import { failure, type MediaFailure } from '../outcome.ts';
import { Permits } from '../permits.ts';
import { samplesPerFrame } from '../plan.ts';
import type { MediaProgress } from '../progress.ts';
import { endsTooSoon } from '../tolerance.ts';
import { expectedSeconds } from '../trim.ts';
import { type Decoded, decode } from './decode.ts';
import { distribute } from './distribute.ts';
import { RangeProgress } from './range-progress.ts';
import { type SegmentFrames, type SegmentSink, spoolSegment, streamSegment } from './segment-encoder.ts';
import { bytesPerSample, type Window, windowsOf } from './windows.ts';

export type SegmentsJob = EncodeRangeJob & { readonly plan: Plan & { readonly segmentFrames: number } };

/** A part has failed, so the rest is of no use. */
class PartFailed extends Error {
  readonly code = 'part-failed';
  constructor(readonly failure: MediaFailure) {
    super(failure.code);
    this.name = 'PartFailed';
  }
}

/** See {@link encodeRange}. Temporary space is bounded: the decoder waits when it is a few segments ahead. */
export async function encodeSegments(job: SegmentsJob): Promise<MediaFailure | null> {
  const windows = windowsOf(job.plan, job.range, (index) => job.encoded.has(index));
  const giveUp = new AbortController();
  const signal = AbortSignal.any([job.signal, giveUp.signal]);
  const inner = { ...job, signal, onProgress: () => undefined };
  const giveUpFor = (error: unknown) => giveUp.abort(error);

  // One is being filled while its neighbour begins already; the others wait, or are encoded.
  const spool = new Permits(job.permits.count + 2);
  const secondsOf = segmentSeconds(job);
  const before = windows.reduce((sum, { index }) => sum - (secondsOf(index) ?? 0), expectedOf(job) ?? 0);
  const progress = new RangeProgress(expectedOf(job), before, performance.now());
  const judged = Promise.withResolvers<void>();
  judged.promise.catch(() => undefined);
  const finishing: Promise<void>[] = [];
  let reported = Promise.resolve();

  const finish = async (window: Window, { encoded }: SegmentSink) => {
    const outcome = await encoded;
    if (!outcome.ok) throw new PartFailed(outcome);
    const samples = samplesOf(job, window, outcome);
    if (!Number.isFinite(window.to)) await judged.promise;
    reported = reported.then(async () => {
      signal.throwIfAborted();
      await job.onSegment({ index: window.index, samples, frames: createReadStream(outcome.path) });
      await rm(outcome.path);
    });
    await reported;
  };
  const open = async (window: Window) => {
    const seconds = secondsOf(window.index);
    const onProgress = ({ percent }: MediaProgress) =>
      job.onProgress?.(progress.advance(window.index, ((percent ?? 0) / 100) * (seconds ?? 0), performance.now()));
    const part = { ...inner, spool, seconds, onProgress };
    const sink = await (Number.isFinite(window.to) ? spoolSegment(part, window) : streamSegment(part, window));
    const finished = finish(window, sink);
    finished.catch(giveUpFor);
    finishing.push(finished);
    return sink;
  };

  try {
    const decoded = await decode(inner, (pcm) => distribute(pcm, windows, open));
    const failed = decoded.ok ? judge(job, decoded) : decoded;
    if (failed !== null) throw new PartFailed(failed);
    judged.resolve();
  } catch (error) {
    giveUpFor(error);
    judged.reject(error);
  }
  await Promise.allSettled(finishing);
  job.signal.throwIfAborted();
  if (!giveUp.signal.aborted) return null;
  const { reason } = giveUp.signal;
  if (reason instanceof PartFailed) return reason.failure;
  throw reason;
}

function expectedOf({ source, settings }: SegmentsJob): number | null {
  return expectedSeconds(source, settings);
}

/** Seconds of each segment's own music; of the last, what is left by the expected duration. */
function segmentSeconds(job: SegmentsJob): (index: number) => number | null {
  const { segmentFrames, sampleRate, segments } = job.plan;
  const each = (segmentFrames * samplesPerFrame(sampleRate)) / sampleRate;
  const expected = expectedOf(job);
  const last = expected === null ? null : Math.max(0, expected - (segments - 1) * each);
  return (index) => (index === segments - 1 ? last : each);
}

/** How many samples of the music a segment begins with. @throws PartFailed when frames are missing */
function samplesOf({ plan }: SegmentsJob, window: Window, { pcmBytes, frames }: SegmentFrames): number {
  const perFrame = samplesPerFrame(plan.sampleRate);
  const isFull = window.from + pcmBytes === window.to;
  if (isFull && frames !== window.keptFrames) {
    const detail = `Segment ${window.index} has ${frames} frames, not ${window.keptFrames}.`;
    throw new PartFailed(failure('encoder-crashed', detail, true));
  }
  const own = pcmBytes / bytesPerSample / plan.channels - window.droppedFrames * perFrame;
  return Math.min(Math.max(0, own), window.keptFrames * perFrame);
}

/** Whether the decoded music is all there; asked of the timestamps, because a recording may have gaps. */
function judge(job: SegmentsJob, { end, bytes, isWhole }: Decoded): MediaFailure | null {
  if (!isWhole) return null;
  const samples = bytes / bytesPerSample / job.plan.channels;
  const given = encodedSamples(end.stderr);
  if (given !== null && given !== samples) {
    return failure('encoder-crashed', `Of ${given} decoded samples, ${samples} came.`, true);
  }
  if (samples === 0) {
    return failure('no-audio', 'No sound is left: the track is empty, or the trim begins after its end.');
  }
  const ended = end.outSeconds ?? 0;
  if (ended > job.limits.maxDurationSeconds) {
    return failure('too-long', `The audio is longer than ${job.limits.maxDurationSeconds} seconds.`);
  }
  const expected = expectedOf(job);
  if (expected === null || !endsTooSoon(ended, expected)) return null;
  return failure('truncated', `The audio ends after ${ended.toFixed(1)} s of ${expected.toFixed(1)} s.`);
}
