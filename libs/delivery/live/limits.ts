/** What one process, one user and one connection may take of live updates. */
export const limits = {
  sockets: 10_000,
  socketsPerUser: 1_000,
  subscriptions: 100,
  /** Of a client's message. The longest sensible one is a fifth of it. */
  messageBytes: 4_096,
  /** A client's messages and pings: as many at once, refilled by so many a second. */
  messages: { atOnce: 150, perSecond: 10 },
  /** What may wait in memory for one reader; beyond that only the latest is kept, as a mark. */
  bufferedBytes: 64 * 1_024,
  /** Conversions with news for one reader who is behind. */
  pendingConversions: 1_000,
  /** How long a reader may take nothing at all. */
  behindMilliseconds: 30_000,
  /** Events that a cursor may be behind. */
  eventsAfterCursor: 10_000,
} as const;

export const intervals = {
  /** Expiry, heartbeats and readers who are behind are looked after this often. */
  tick: 1_000,
  heartbeat: 30_000,
  /** Whether a user is still one; with the time that asking takes it ends within five seconds. */
  callers: 3_000,
  /** Of one conversion, at most twice a second. */
  progress: 500,
  cursor: 5_000,
  /** How long a closing connection is waited for. */
  closing: 3_000,
} as const;
