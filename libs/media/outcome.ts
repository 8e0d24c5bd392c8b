import type { FailureCode, Plan, Source } from '#contracts';

/** An expected failure of a job: what the conversion records. `detail` is for a person and names no path. */
export interface MediaFailure {
  readonly ok: false;
  readonly code: FailureCode;
  readonly detail: string;
  /** The same work may succeed when it is tried again. */
  readonly retryable: boolean;
}

export interface Inspected {
  readonly ok: true;
  readonly source: Source;
  readonly plan: Plan;
  /** The audio alone, in the job's folder; or the input itself where the container could not carry it. */
  readonly audioPath: string;
}

/** Everything in one pass: an MP3 with ffmpeg's own Xing frame, its frames without the bit reservoir. */
export interface EncodedWhole {
  readonly ok: true;
  readonly outputPath: string;
  /** Samples per channel that a gapless player plays. */
  readonly samples: number;
  /** Where the music begins, in bytes. */
  readonly framesFrom: number;
}

export interface Joined {
  readonly ok: true;
  readonly outputPath: string;
  /** Samples per channel that a gapless player plays. */
  readonly samples: number;
  /** Samples that the encoder put before and after the music. */
  readonly encoderDelay: number;
  readonly encoderPadding: number;
}

export function failure(code: FailureCode, detail: string, retryable = false): MediaFailure {
  return { ok: false, code, detail, retryable };
}
