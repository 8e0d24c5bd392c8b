/** How the service ends a connection (RFC 6455, 7.4): what to do about it is in the reason. */
export interface Close {
  readonly code: number;
  /** At most 123 bytes. */
  readonly reason: string;
}

export const closes = {
  tooManyMessages: { code: 1008, reason: 'too many messages' },
  tooManySubscriptions: { code: 1008, reason: 'too many subscriptions: subscribe to "all"' },
  failed: { code: 1011, reason: 'the service failed: connect again and go on from your revision' },
  restart: { code: 1012, reason: 'the service restarts: connect again and go on from your revision' },
  behind: { code: 1013, reason: 'too far behind: connect again and go on from your revision' },
  expired: { code: 4401, reason: 'the token has expired: connect again with a new one' },
  out: { code: 4403, reason: 'the credential is no longer valid: log in again' },
} as const satisfies Record<string, Close>;

/** Ours, and those of RFC 6455 that clients use or that `ws` gives; a client may send any number. */
const told = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, ...Object.values(closes).map(({ code }) => code)];

/** For figures, which must not grow with what clients think of. */
export function closeLabel(code: number): string {
  return told.includes(code) ? String(code) : 'other';
}
