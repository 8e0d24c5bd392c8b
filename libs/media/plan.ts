import type { Plan, Settings, Source } from '#contracts';
import { outputShape } from './output-shape.ts';
import { expectedSeconds } from './trim.ts';

/**
 * Segments begin at multiples of 49 frames, and so do the warm-ups before them: the padding of a constant bit rate at
 * 44.1, 22.05 and 11.025 kHz repeats after as many.
 */
export const cutFrames = 49;
/** Frames that are encoded before a segment and dropped: the encoder then is in the state of a single pass. */
export const warmUpFrames = cutFrames;
/** Frames of music that the encoder sees beyond a segment's end, as it would in a single pass. */
export const lookAheadFrames = 3;

const shortestSeconds = 60;
const longestSeconds = 300;
/** So that the last ones do not leave cores idle. */
const segmentsPerEncoder = 8;

/** Samples of a frame: two granules of MPEG-1, one of MPEG-2 and 2.5, which have the rates below 32 kHz. */
export function samplesPerFrame(sampleRate: number): 1152 | 576 {
  return sampleRate >= 32_000 ? 1152 : 576;
}

/**
 * How the work is divided: segments of one minute to five, in one range. The output's bytes do not depend on it. Pure.
 * @param encoders how many can encode at once
 */
export function planSegments(settings: Settings, source: Source, encoders: number): Plan {
  const shape = outputShape(settings, source.audio);
  const whole = { ...shape, segments: 1, ranges: [{ first: 0, count: 1 }] };
  const seconds = expectedSeconds(source, settings);
  if (seconds === null) return { ...whole, wholeBecause: 'unknown-duration' };
  if (seconds < 2 * shortestSeconds) return { ...whole, wholeBecause: 'short' };
  const wanted = Math.min(Math.max(seconds / (segmentsPerEncoder * encoders), shortestSeconds), longestSeconds);
  const cutSeconds = (cutFrames * samplesPerFrame(shape.sampleRate)) / shape.sampleRate;
  const cuts = Math.ceil(seconds / cutSeconds / Math.ceil(seconds / wanted));
  const segments = Math.ceil(seconds / cutSeconds / cuts);
  return { ...shape, segments, segmentFrames: cuts * cutFrames, ranges: [{ first: 0, count: segments }] };
}
