import type { Call } from './protocol.ts';

export interface Pending {
  readonly call: Call;
  /** What the call may hold in memory on its way there and back, in bytes. */
  readonly bytes: number;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Enough that a sync is shared by many, few enough that nobody waits long for the group before. */
const largestGroup = 256;
const largestGroupBytes = 8 * 1_048_576;

/** Calls that wait for the thread; they leave in groups that are bounded in number and in bytes. */
export class CallQueue {
  #waiting: Pending[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(pending: Pending): void {
    this.#waiting.push(pending);
  }

  /** At least one, when any waits. */
  takeGroup(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    for (const pending of this.#waiting) {
      bytes += pending.bytes;
      if (count === largestGroup || (count > 0 && bytes > largestGroupBytes)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  takeAll(): readonly Pending[] {
    return this.#waiting.splice(0);
  }
}
