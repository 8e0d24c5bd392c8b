import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { EncodeRangeJob } from './encode-job.ts';
import { encodeWhole } from './encode-whole.ts';
import type { MediaFailure } from './outcome.ts';
import { encodeSegments } from './range/encode-segments.ts';

/**
 * Encodes those segments of a range that are missing: one decoder, as many encoders as there are permits. Null when all
 * is done. The last segment comes only when the whole has been judged, so an output is never shorter than its source.
 * @throws the signal's reason, when aborted
 */
export async function encodeRange(job: EncodeRangeJob): Promise<MediaFailure | null> {
  const { segmentFrames } = job.plan;
  if (segmentFrames !== undefined) return encodeSegments({ ...job, plan: { ...job.plan, segmentFrames } });
  const release = await job.permits.acquire(job.signal);
  try {
    const encoded = await encodeWhole(job);
    if (!encoded.ok) return encoded;
    const { outputPath, framesFrom, samples } = encoded;
    await job.onSegment({ index: 0, samples, frames: createReadStream(outputPath, { start: framesFrom }) });
    await rm(outputPath);
    return null;
  } finally {
    release();
  }
}
