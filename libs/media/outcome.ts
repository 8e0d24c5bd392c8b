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

export interface Encoded {
  readonly ok: true;
  readonly outputPath: string;
  /** Samples per channel that a gapless player plays. */
  readonly samples: number;
}

export function failure(code: FailureCode, detail: string, retryable = false): MediaFailure {
  return { ok: false, code, detail, retryable };
}
