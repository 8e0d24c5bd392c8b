import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type Scope, userScopes } from '#contracts';
import { AccessTokens } from '#http';
import type { OpenSession } from './sessions.ts';
import type { User } from './users.ts';

export const TokenPair = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().describe('Seconds until the access token expires'),
  refreshToken: z.string().optional().describe('For POST /v1/auth/refresh, once, within 30 days'),
});
export type TokenPair = z.infer<typeof TokenPair>;

@Injectable()
export class Tokens {
  constructor(private readonly tokens: AccessTokens) {}

  of({ id, userId, refreshToken }: OpenSession, user: User): TokenPair {
    const { token, expiresInSeconds } = this.tokens.issue(userId, scopesOf(user), id);
    return {
      ...{ accessToken: token, tokenType: 'Bearer', expiresIn: expiresInSeconds },
      ...(refreshToken === null ? {} : { refreshToken }),
    };
  }
}

function scopesOf({ isAdmin }: User): readonly Scope[] {
  return isAdmin === true ? [...userScopes, 'admin'] : userScopes;
}
