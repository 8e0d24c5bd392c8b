import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtSecret } from '#config';
import { type RefreshFamily, secretHash } from '#contracts';

/** What a refresh token is made of; to clients it is opaque. */
export interface RefreshToken {
  readonly sessionId: string;
  /** 128 random bits that all tokens of the family share. */
  readonly family: string;
  /** 256 bits of this one token. */
  readonly secret: string;
}

const prefix = 'mixdown-refresh';
const form = /^mixdown-refresh_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([\w-]{22})_([\w-]{43})$/;

/** Makes refresh tokens, reads them, and tells which one follows another. */
@Injectable()
export class RefreshTokens {
  /** A key of its own, so that nothing signed elsewhere is ever a token here. */
  readonly #key: Buffer;

  constructor({ value }: JwtSecret) {
    this.#key = Buffer.from(hkdfSync('sha256', value, '', 'mixdown refresh tokens', 32));
  }

  first(sessionId: string): RefreshToken {
    return {
      sessionId,
      family: randomBytes(16).toString('base64url'),
      secret: randomBytes(32).toString('base64url'),
    };
  }

  /**
   * Always the same for the same token, so that a repetition can be answered as the first request was although only
   * hashes are stored; without the key nobody can tell it.
   */
  successorOf(token: RefreshToken): RefreshToken {
    return { ...token, secret: createHmac('sha256', this.#key).update(textOf(token)).digest('base64url') };
  }

  /** Null for what is no refresh token. */
  read(text: string): RefreshToken | null {
    const [, sessionId, family, secret] = form.exec(text) ?? [];
    return sessionId === undefined || family === undefined || secret === undefined
      ? null
      : { sessionId, family, secret };
  }
}

/** As the client gets it. */
export function textOf({ sessionId, family, secret }: RefreshToken): string {
  return `${prefix}_${sessionId}_${family}_${secret}`;
}

/** For how long a token that was just replaced is answered with its successor once more. */
export const repeatMilliseconds = 10_000;

/**
 * What a token of a family means:
 * - `foreign`: it was never given out;
 * - `current`: it is good, and is replaced by using it;
 * - `repeated`: it was replaced a moment ago and its successor was not used yet: the answer was lost on its way, or two
 *   requests came at once;
 * - `reused`: it is older, so somebody has a copy.
 */
export type Meaning = 'foreign' | 'current' | 'repeated' | 'reused';

export function meaningOf(token: RefreshToken, family: RefreshFamily, now: Date): Meaning {
  if (secretHash(token.family) !== family.familyHash) return 'foreign';
  const hash = secretHash(textOf(token));
  if (hash === family.currentHash) return 'current';
  const { previous } = family;
  if (previous === null || hash !== previous.hash) return 'reused';
  return now.getTime() - Date.parse(previous.replacedAt) < repeatMilliseconds ? 'repeated' : 'reused';
}
