import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { Clock } from '#clock';
import { JwtSecret } from '#config';
import { Problem } from '#http';

/** A week, in seconds. */
export const longestLink = 7 * 24 * 3_600;

const keyBytes = 32;
/** An audience of its own: a link is no access token, and an access token is no link. */
const rules = { issuer: 'mixdown', audience: 'mixdown-output' };
const algorithm = 'HS256';

/**
 * Signs that whoever has the signature may fetch one output until a certain time. The key is derived from what access
 * tokens are signed with (RFC 5869), so that neither can be taken for the other, and none need be kept.
 */
@Injectable()
export class OutputLinks {
  readonly #key: Buffer;

  constructor(
    secret: JwtSecret,
    private readonly clock: Clock,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', secret.value, '', 'mixdown output links', keyBytes));
  }

  /** @param seconds from 1 to {@link longestLink} */
  sign(conversionId: string, seconds: number): { readonly signature: string; readonly expiresAt: Date } {
    const issued = Math.floor(this.clock.now().getTime() / 1_000);
    const claims = { iat: issued, exp: issued + seconds };
    const signature = jwt.sign(claims, this.#key, { algorithm, subject: conversionId, ...rules });
    return { signature, expiresAt: new Date(claims.exp * 1_000) };
  }

  /** @throws Problem `invalid-link`: changed, of another output, or expired */
  check(conversionId: string, signature: string): void {
    const clockTimestamp = Math.floor(this.clock.now().getTime() / 1_000);
    try {
      jwt.verify(signature, this.#key, { algorithms: [algorithm], subject: conversionId, clockTimestamp, ...rules });
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) throw new Problem('invalid-link', 'The link has expired.');
      if (error instanceof jwt.JsonWebTokenError) throw new Problem('invalid-link');
      throw error;
    }
  }
}
