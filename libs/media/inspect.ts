import type { Settings } from '#contracts';
import type { MediaJob } from './job.ts';
import { failure, type Inspected, type MediaFailure } from './outcome.ts';

export interface InspectJob extends MediaJob {
  readonly inputPath: string;
  readonly settings: Settings;
}

export async function inspectSource(_job: InspectJob): Promise<Inspected | MediaFailure> {
  return failure('internal', 'not there yet', true);
}
