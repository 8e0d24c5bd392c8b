/**
 * Gives a chunk's memory back at once. At a hundred megabytes a second the collector lets a few hundred megabytes of
 * chunks pile up that nobody needs any more. Only for chunks that have their memory to themselves, and whoever calls
 * this must know that nobody looks at them again.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/**
 * Hands the pieces of chunks on, and releases a chunk when the first piece of the next one is asked for: then whoever
 * reads has done with it.
 *
 * @param chunkOf the chunk that a piece is of, if it may be released
 */
export async function* releasing(
  pieces: AsyncIterable<Uint8Array>,
  chunkOf: (piece: Uint8Array) => Uint8Array | undefined,
): AsyncGenerator<Uint8Array> {
  let before: Uint8Array | undefined;
  for await (const piece of pieces) {
    const chunk = chunkOf(piece);
    if (before !== undefined && before !== chunk) release(before);
    before = chunk;
    yield piece;
  }
}
