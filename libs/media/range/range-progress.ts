import type { MediaProgress } from '../progress.ts';

/** Several encoders' progress as one. */
export class RangeProgress {
  readonly #seconds = new Map<number, number>();

  /**
   * @param expectedSeconds of the range's music; null while it is not known
   * @param before seconds that were encoded before this run
   * @param begun milliseconds, by the clock that `now` is of later on
   */
  constructor(
    private readonly expectedSeconds: number | null,
    private readonly before: number,
    private readonly begun: number,
  ) {}

  /** @param seconds that are encoded of this segment */
  advance(index: number, seconds: number, now: number): MediaProgress {
    this.#seconds.set(index, Math.max(seconds, this.#seconds.get(index) ?? 0));
    const here = [...this.#seconds.values()].reduce((sum, each) => sum + each, 0);
    const speed = now > this.begun && here > 0 ? here / ((now - this.begun) / 1000) : null;
    const expected = this.expectedSeconds;
    if (expected === null || expected <= 0) return { percent: null, speed, etaSeconds: null };
    const done = Math.min(this.before + here, expected);
    return { percent: (100 * done) / expected, speed, etaSeconds: speed === null ? null : (expected - done) / speed };
  }
}
