import type { Plan } from '#contracts';
import { lookAheadFrames, samplesPerFrame, warmUpFrames } from '../plan.ts';

/** What one segment's encoder is given, and which of its frames are the segment's. */
export interface Window {
  readonly index: number;
  /** Bytes of PCM, from the music's first. */
  readonly from: number;
  /** Infinity for the last segment: the duration that the plan went by is an estimate. */
  readonly to: number;
  readonly droppedFrames: number;
  /** Infinity for the last. */
  readonly keptFrames: number;
}

export const bytesPerSample = 4;

/** The windows of a range's segments that are not encoded yet, in their order. Pure. */
export function windowsOf(
  plan: Plan & { readonly segmentFrames: number },
  range: Plan['ranges'][number],
  isEncoded: (index: number) => boolean,
): readonly Window[] {
  const { segmentFrames, segments, sampleRate, channels } = plan;
  const frameBytes = samplesPerFrame(sampleRate) * channels * bytesPerSample;
  return Array.from({ length: range.count }, (_, offset) => range.first + offset)
    .filter((index) => !isEncoded(index))
    .map((index) => {
      const firstFrame = index * segmentFrames;
      const droppedFrames = Math.min(warmUpFrames, firstFrame);
      const isLast = index === segments - 1;
      return {
        index,
        from: (firstFrame - droppedFrames) * frameBytes,
        to: isLast ? Number.POSITIVE_INFINITY : (firstFrame + segmentFrames + lookAheadFrames) * frameBytes,
        droppedFrames,
        keptFrames: isLast ? Number.POSITIVE_INFINITY : segmentFrames,
      };
    });
}
