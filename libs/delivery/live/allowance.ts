/** So many at once, refilled steadily: what a client may send. */
export class Allowance {
  #left: number;
  #at: number;

  constructor(
    private readonly rate: { readonly atOnce: number; readonly perSecond: number },
    now: number,
  ) {
    this.#left = rate.atOnce;
    this.#at = now;
  }

  /** @param now milliseconds @returns false when nothing is left */
  take(now: number): boolean {
    const { atOnce, perSecond } = this.rate;
    this.#left = Math.min(atOnce, this.#left + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
