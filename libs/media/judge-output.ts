import type { FfmpegEnd } from './ffmpeg/run-ffmpeg.ts';
import { readXing } from './mp3/read-xing.ts';
import { gaplessSamples } from './mp3/xing-frame.ts';
import { type EncodedWhole, failure, type MediaFailure } from './outcome.ts';
import { endsTooSoon } from './tolerance.ts';

interface Output {
  readonly outputPath: string;
  readonly end: FfmpegEnd;
  readonly expectedSeconds: number | null;
}

/**
 * Whether what ffmpeg calls a success is one: the MP3 is as long as it says, holds exactly the samples that the encoder
 * was given, and these reach to the source's end. The last is asked of the timestamps, because a recording may have
 * gaps, which no decoder fills.
 */
export async function judgeOutput({ outputPath, end, expectedSeconds }: Output): Promise<EncodedWhole | MediaFailure> {
  const { xing, size } = await readXing(outputPath);
  if (size === 0 || (xing !== null && xing.frames === 0)) {
    return failure('no-audio', 'No sound is left: the track is empty, or the trim begins after its end.');
  }
  const samples = xing === null ? null : gaplessSamples(xing);
  if (samples === null) return failure('encoder-crashed', 'The output lacks its Xing frame.', true);
  if (xing?.bytes !== size) return failure('encoder-crashed', 'The output is not as long as it says.', true);
  const encoded = encodedSamples(end.stderr);
  if (encoded !== null && encoded !== samples) {
    return failure('encoder-crashed', `The output has ${samples} samples; the encoder was given ${encoded}.`, true);
  }
  if (samples <= 0)
    return failure('no-audio', 'No sound is left: the track is empty, or the trim begins after its end.');
  if (expectedSeconds !== null && endsTooSoon(end.outSeconds ?? 0, expectedSeconds)) {
    const found = (end.outSeconds ?? 0).toFixed(1);
    return failure('truncated', `The audio ends after ${found} s of ${expectedSeconds.toFixed(1)} s.`);
  }
  return { ok: true, outputPath, samples, framesFrom: xing.header.length };
}

/** From ffmpeg's closing statistics; null where a version words them otherwise. */
export function encodedSamples(stderr: string): number | null {
  const found = /Output stream #0:0 \(audio\):\s+\d+ frames encoded \((\d+) samples\)/.exec(stderr)?.[1];
  return found === undefined ? null : Number(found);
}
