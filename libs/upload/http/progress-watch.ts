import { Problem } from '#http';

export interface MinimumProgress {
  /** Bytes that must come… */
  readonly bytes: number;
  /** …in this time. */
  readonly milliseconds: number;
}

/** A modem of 1998 would do; a client that wants to keep a place for nothing would not. */
export const minimumProgress: MinimumProgress = { bytes: 64 * 1024, milliseconds: 30_000 };

/** Tells when a body brings too little. */
export class ProgressWatch {
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;

  constructor({ bytes, milliseconds }: MinimumProgress, onTooSlow: (problem: Problem) => void) {
    this.#timer = setInterval(() => {
      const came = this.#bytes;
      this.#bytes = 0;
      if (came >= bytes) return;
      onTooSlow(new Problem('upload-too-slow', `Less than ${bytes} bytes came in ${milliseconds / 1_000} seconds.`));
    }, milliseconds);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
