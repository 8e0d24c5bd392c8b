import { Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { JwtSecret } from '#config';
import { Id, Scope, userScopes } from '#contracts';
import { Problem } from '../problems/problem.ts';
import type { Caller } from './caller.ts';

export const accessTokenSeconds = 15 * 60;
/** HS256 and nothing else: what a token says of its own algorithm is never believed (RFC 8725, 3.1). */
export const tokenRules = { algorithms: ['HS256' as const], issuer: 'mixdown', audience: 'mixdown-api' };

/** RFC 8693, 4.2: scopes are words in one text. */
const ScopeClaim = z
  .string()
  .transform((text) => text.split(' '))
  .pipe(z.array(Scope));
const Claims = z.object({
  sub: Id,
  exp: z.number(),
  scope: ScopeClaim.default([...userScopes]),
  /** OpenID Connect Front-Channel Logout 1.0, 3: the session that it was issued in. */
  sid: Id.optional(),
});

@Injectable()
export class AccessTokens {
  constructor(private readonly secret: JwtSecret) {}

  issue(
    userId: string,
    scopes: readonly Scope[] = userScopes,
    sessionId?: string,
  ): { readonly token: string; readonly expiresInSeconds: number } {
    const { issuer, audience } = tokenRules;
    const options = { algorithm: 'HS256', subject: userId, issuer, audience, expiresIn: accessTokenSeconds } as const;
    const session = sessionId === undefined ? {} : { sid: sessionId };
    return {
      token: jwt.sign({ scope: scopes.join(' '), ...session }, this.secret.value, options),
      expiresInSeconds: accessTokenSeconds,
    };
  }

  /**
   * What the token itself says; whether it still counts, `Callers` know.
   * @throws Problem `unauthenticated` | `token-expired`
   */
  verify(token: string): Caller {
    try {
      const caller = callerOf(jwt.verify(token, this.secret.value, tokenRules));
      if (caller !== null) return caller;
    } catch (error) {
      // What jsonwebtoken throws of a token; anything else is our fault.
      if (!(error instanceof jwt.JsonWebTokenError)) throw error;
      throw tokenRefused(error instanceof jwt.TokenExpiredError);
    }
    throw tokenRefused(false);
  }
}

/** RFC 6750, 3: the challenge says that a token is needed, or what was wrong with the one that came. */
export function tokenRefused(hasExpired: boolean, detail?: string): Problem {
  const challenge = hasExpired ? 'Bearer error="invalid_token", error_description="expired"' : 'Bearer';
  return new Problem(hasExpired ? 'token-expired' : 'unauthenticated', detail, {
    headers: { 'WWW-Authenticate': challenge },
  });
}

/** The caller that verified claims tell of; null when they are not an access token's. */
export function callerOf(claims: unknown): Caller | null {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return null;
  const { sub, exp, scope, sid } = parsed.data;
  const credential = { kind: 'access-token', sessionId: sid ?? null } as const;
  return { userId: sub, scopes: scope, expiresAt: new Date(exp * 1_000), credential };
}
