import type { Plan, Settings, Source } from '#contracts';
import type { MediaJob } from './job.ts';
import type { Permits } from './permits.ts';

export interface EncodeJob extends MediaJob {
  /** As `inspectSource` gave it. */
  readonly audioPath: string;
  readonly source: Source;
  readonly plan: Plan;
  readonly settings: Settings;
}

export interface EncodedSegment {
  readonly index: number;
  /** Its bare frames. */
  readonly frames: AsyncIterable<Uint8Array>;
  /** Samples per channel of the music that it begins with; the output's are the sum. */
  readonly samples: number;
}

export interface EncodeRangeJob extends EncodeJob {
  readonly range: { readonly first: number; readonly count: number };
  /** Segments that are there already. */
  readonly encoded: ReadonlySet<number>;
  /** One for each encoder that may run, shared by all that encode on this machine. */
  readonly permits: Permits;
  /** Called for each segment as soon as it is encoded; not for several at once. */
  readonly onSegment: (segment: EncodedSegment) => Promise<void>;
}

/** A machine that encodes slower than the music plays is of no use. */
export function encodeDeadlineMs({ source, limits }: EncodeJob): number {
  return 60_000 + 1000 * (source.durationSeconds ?? limits.maxDurationSeconds);
}

/** What is before the trim is decoded and dropped, at 20 times the music's speed or more. */
export function quietMs({ trim }: Settings): number {
  return 50 * (trim?.start ?? 0);
}
