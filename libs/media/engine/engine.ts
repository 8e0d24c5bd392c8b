import type { Protection } from '../run/protection.ts';

/** The programs that do the work. */
export interface Programs {
  /** Absolute paths. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** True for the build that comes by npm: from 2018, a fallback only. */
  readonly bundled: boolean;
  /** What the programs need outside the system's folders, themselves included: absolute paths. */
  readonly programFiles: readonly string[];
}

/** The programs, and the box that they run in. */
export interface Engine extends Programs {
  readonly protection: Protection;
}

/** The configured programs cannot be used, or none was found. The message is for whoever runs the service. */
export class EngineUnusable extends Error {
  readonly code = 'engine-unusable';
  constructor(message: string) {
    super(message);
    this.name = 'EngineUnusable';
  }
}
