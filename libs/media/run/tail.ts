/** Keeps the last so many bytes of a stream: a hostile file can make a tool print for ever. */
export class Tail {
  #kept = Buffer.alloc(0);
  readonly #limit: number;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  push(chunk: Buffer): void {
    const joined = chunk.length >= this.#limit ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#limit)));
  }

  text(): string {
    return this.#kept.toString('utf8');
  }
}
