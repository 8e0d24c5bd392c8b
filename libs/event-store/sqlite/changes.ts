/** Tells any number of readers that something was appended. Nothing is kept for a reader that does not wait. */
export class Changes {
  /** How many there have been. */
  count = 0;
  readonly #waiting = new Set<() => void>();

  announce(): void {
    this.count += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves when there have been more than `count`, at once if there have, or when the signal is aborted. */
  async since(count: number, signal: AbortSignal): Promise<void> {
    if (this.count > count || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }
}
