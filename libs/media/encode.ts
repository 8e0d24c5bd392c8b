import type { Plan, Settings, Source } from '#contracts';
import type { MediaJob } from './job.ts';
import { type Encoded, failure, type MediaFailure } from './outcome.ts';

export interface EncodeJob extends MediaJob {
  /** As `inspectSource` gave it. */
  readonly audioPath: string;
  readonly source: Source;
  readonly plan: Plan;
  readonly settings: Settings;
}

export async function encodeWhole(_job: EncodeJob): Promise<Encoded | MediaFailure> {
  return failure('internal', 'not there yet', true);
}
