import { type Engine, EngineUnusable } from './engine.ts';

export interface EngineDescription {
  /** Versions and architecture in one stable string: the same id makes the same bytes. */
  readonly id: string;
  /** ffmpeg's version. */
  readonly ffmpeg: string;
  /** LAME's version, as it writes it into its frames. */
  readonly libmp3lame: string | null;
  readonly architecture: string;
  readonly bundled: boolean;
  /** For the start-up log: what whoever runs the service should know. */
  readonly warnings: readonly string[];
}

/** @throws EngineUnusable when ffmpeg does not run or has no MP3 encoder */
export async function describeEngine(_engine: Engine): Promise<EngineDescription> {
  throw new EngineUnusable('not there yet');
}
