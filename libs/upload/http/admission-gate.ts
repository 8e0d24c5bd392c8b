import { Problem } from '#http';

const longestWaitMilliseconds = 10_000;

/**
 * So many bodies are received at once; as many more wait, with their connections unread; all others are told to come
 * back. So memory is bounded whatever the number of clients.
 */
export class AdmissionGate {
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(private readonly places: number) {}

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * @param signal the client has gone
   * @returns leaves the place again
   * @throws Problem `busy`
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#inside >= this.places) await this.#wait(signal);
    else this.#inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#leave();
    };
  }

  #leave(): void {
    const [next] = this.#waiting;
    // Whoever waited takes the place over, so nobody gets in between.
    if (next === undefined) this.#inside -= 1;
    else next();
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.places) throw busy();
    return new Promise((resolve, reject) => {
      const giveUp = () => end(() => reject(busy()));
      const admit = () => end(resolve);
      const end = (then: () => void) => {
        this.#waiting.delete(admit);
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        then();
      };
      const timer = setTimeout(giveUp, longestWaitMilliseconds);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(admit);
    });
  }
}

/** Not all come back at the same moment. */
function busy(): Problem {
  const retryAfterSeconds = 1 + Math.floor(Math.random() * 4);
  return new Problem('busy', 'Too many uploads at once.', { retryAfterSeconds });
}
