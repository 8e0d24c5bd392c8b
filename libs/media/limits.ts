/** How much one job may take. Reaching a limit is a failure with its own code, never a shorter success. */
export interface MediaLimits {
  /** The longest media that is converted, in seconds. */
  readonly maxDurationSeconds: number;
  /** The largest output, in bytes. */
  readonly maxOutputBytes: number;
  /** The longest that one run of a tool may take, in milliseconds, whatever the media's duration allows it. */
  readonly maxRunMs: number;
  /** How long a run may go without getting on, in milliseconds. */
  readonly stallMs: number;
  /** Address space of a tool, in bytes. ffmpeg reserves far more than it touches. */
  readonly addressSpaceBytes: number;
}

export const defaultLimits: MediaLimits = {
  maxDurationSeconds: 12 * 3600,
  maxOutputBytes: 2 * 1024 ** 3,
  maxRunMs: 2 * 3600 * 1000,
  stallMs: 60_000,
  addressSpaceBytes: 4 * 1024 ** 3,
};
