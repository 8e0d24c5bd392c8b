import { setTimeout as delay } from 'node:timers/promises';

/** The only source of time, so that tests can hold it. */
export abstract class Clock {
  abstract now(): Date;

  /** Resolves after that many milliseconds, or at once when the signal is aborted. Never rejects. */
  abstract sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  }
}
