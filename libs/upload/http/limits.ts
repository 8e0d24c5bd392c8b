/** What a client is held to, beside what the configuration says. */
export const limits = {
  /** For each place at which a body is received, so many clients may wait, their bodies unread. */
  waitingPerPlace: 4,
  longestWaitMilliseconds: 30_000,
  /** A client that is told to come back later is told a time of at least and at most so much. */
  retrySeconds: { least: 1, most: 30 },
  /** A modem of 1998 would do; a client that wants to keep a place for nothing would not. */
  minimumProgress: { bytes: 64 * 1024, milliseconds: 30_000 },
  /** Boundaries, headers and fields that a multipart body may have beside the file. */
  multipartOverheadBytes: 256 * 1024,
  /**
   * A client that has its answer but goes on sending finds its body unread for a while: whoever looks stops then. What
   * others send is taken, and thrown away, up to so many bytes and for so long.
   */
  lingering: { unreadMilliseconds: 500, bytes: 16 * 1024 * 1024, milliseconds: 5_000 },
  /** Of every stream that a body passes through. */
  bufferBytes: 16 * 1024,
} as const;
