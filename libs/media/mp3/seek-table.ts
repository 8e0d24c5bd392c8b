const most = 1024;

/** Where frames begin, thinned out as they become many: enough for the 100 entries of a Xing frame, in constant memory. */
export class SeekTable {
  #positions: number[] = [];
  #step = 1;
  #frames = 0;

  /** @param position of the next frame, from the file's first byte */
  add(position: number): void {
    if (this.#frames % this.#step === 0) this.#positions.push(position);
    this.#frames += 1;
    if (this.#positions.length < most) return;
    this.#positions = this.#positions.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  get frames(): number {
    return this.#frames;
  }

  /** For each hundredth of the playing time: how far into the file it is, in 256ths. */
  entries(fileBytes: number): Buffer {
    return Buffer.from(
      Array.from({ length: 100 }, (_, percent) => {
        const frame = (percent * this.#frames) / 100;
        const position = this.#positions[Math.floor(frame / this.#step)] ?? 0;
        return Math.min(255, Math.floor((256 * position) / fileBytes));
      }),
    );
  }
}
