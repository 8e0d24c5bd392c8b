import type { Clock } from '#clock';
import type { Handler, Message, SubscribeOptions } from '../bus.ts';
import { attemptUntilDone } from './attempts.ts';
import { KeyQueue } from './key-queue.ts';

/** A message on its way to a group; `done` once it was handled or parked, and not before. */
export interface Parcel {
  readonly message: Message;
  readonly done: () => void;
}

interface Surroundings {
  readonly clock: Clock;
  readonly park: (message: Message, reason: string) => void;
  /** Takes what this member will not handle after all. */
  readonly giveBack: (parcel: Parcel) => void;
}

/** One subscription: handles the messages of the keys that its group gives it. */
export class Member {
  readonly #queue: KeyQueue;
  #stop = new AbortController();
  #isRecalled = false;

  constructor(
    readonly options: SubscribeOptions,
    private readonly handle: Handler,
    private readonly surroundings: Surroundings,
  ) {
    this.#queue = new KeyQueue(options.concurrency);
  }

  take(parcel: Parcel): void {
    this.#queue.add(parcel.message.key, () => this.#work(parcel));
  }

  /** Gives everything back that is not being handled; what is, has `graceMs` to finish before its signal is aborted. */
  async recall(graceMs: number): Promise<void> {
    this.#isRecalled = true;
    const finished = new AbortController();
    const overdue = this.#abortAfter(graceMs, finished.signal);
    await this.#queue.idle();
    finished.abort();
    await overdue;
    this.#stop = new AbortController();
    this.#isRecalled = false;
  }

  async #abortAfter(graceMs: number, finished: AbortSignal): Promise<void> {
    if (graceMs > 0) await this.surroundings.clock.sleep(graceMs, finished);
    this.#stop.abort();
  }

  async #work(parcel: Parcel): Promise<void> {
    const { clock, park, giveBack } = this.surroundings;
    if (this.#isRecalled) {
      giveBack(parcel);
      return;
    }
    const outcome = await attemptUntilDone(this.handle, parcel.message, clock, this.#stop.signal);
    switch (outcome.kind) {
      case 'abandoned':
        giveBack(parcel);
        return;
      case 'dead':
        park(parcel.message, outcome.reason);
        break;
      case 'handled':
        break;
    }
    parcel.done();
  }
}
