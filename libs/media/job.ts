import type { Engine } from './engine/engine.ts';
import type { MediaLimits } from './limits.ts';
import type { MediaProgress } from './progress.ts';

/** What every job in the box needs. */
export interface MediaJob {
  readonly engine: Engine;
  /** Absolute path of the job's own, fresh folder. The caller removes it in `finally`. */
  readonly folder: string;
  readonly limits: MediaLimits;
  /** Aborting ends the tools and makes the call throw the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: MediaProgress) => void;
}
