import type { Settings, Source } from '#contracts';

export interface SampleTrim {
  readonly startSample: number;
  /** Null: to the end. */
  readonly endSample: number | null;
}

/** In samples of the source, from its first; null where all of it is wanted. */
export function trimInSamples({ trim }: Settings, { audio }: Source): SampleTrim | null {
  if (trim === undefined) return null;
  const samples = (seconds: number) => Math.round(seconds * audio.sampleRate);
  return { startSample: samples(trim.start ?? 0), endSample: trim.end === undefined ? null : samples(trim.end) };
}

/** Seconds that the output should last; null while the source's duration is not known. */
export function expectedSeconds({ durationSeconds }: Source, { trim }: Settings): number | null {
  if (durationSeconds === null) return null;
  const end = Math.min(trim?.end ?? Number.POSITIVE_INFINITY, durationSeconds);
  return Math.max(0, end - (trim?.start ?? 0));
}
