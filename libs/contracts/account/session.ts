/**
 * What a login begins: a family of refresh tokens, each of which replaces the one before. Access tokens name their
 * session (`sid`), and are good for as long as it is here.
 */
export type Session = {
  readonly userId: string;
  readonly createdAt: string;
  /** Ended when it is not refreshed until then. */
  readonly expiresAt: string;
  /** Null where the login gave out no refresh token. */
  readonly refresh: RefreshFamily | null;
};

/** Hashes are SHA-256, hexadecimal. */
export type RefreshFamily = {
  /** Of what all tokens of the family have in common: it tells an old one from one that was never given out. */
  readonly familyHash: string;
  /** Of the token that is good now. */
  readonly currentHash: string;
  /** The one that it replaced, and when. */
  readonly previous: { readonly hash: string; readonly replacedAt: string } | null;
};

/** The collection of these records, by session id: written by the auth service, read at the edge of every service. */
export const sessions: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: {
    readonly byUser: { readonly fields: readonly ['userId', 'createdAt'] };
    readonly byExpiry: { readonly fields: readonly ['expiresAt'] };
  };
  readonly __document?: Session;
} = {
  name: 'sessions',
  kind: 'record',
  indexes: { byUser: { fields: ['userId', 'createdAt'] }, byExpiry: { fields: ['expiresAt'] } },
};
