/** Nobody is sent away for longer. */
const longestMilliseconds = 60_000;
const leastMilliseconds = 1_000;

/**
 * When whoever finds no place is to come back: one after the other, at the pace at which places become free. If all came
 * back at the same moment, all but a few would be sent away again, and sending away would be all that is done.
 */
export class Appointments {
  /** How long a place is kept: a moving average, in milliseconds. */
  #stay = 100;
  #last = 0;

  constructor(private readonly places: number) {}

  /** A place was kept for so long. */
  observe(milliseconds: number): void {
    this.#stay += (milliseconds - this.#stay) / 8;
  }

  /** @returns in how many seconds, from 1 to 60 */
  next(nowMilliseconds: number): number {
    const earliest = nowMilliseconds + leastMilliseconds;
    const latest = nowMilliseconds + longestMilliseconds;
    this.#last = Math.min(Math.max(earliest, this.#last + this.#stay / this.places), latest);
    return Math.ceil((this.#last - nowMilliseconds) / 1_000);
  }
}
