import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccessTokens, Problem } from '#http';
import { Accounts } from './accounts.ts';
import type { Login } from './credentials.ts';
import { LoginLimits } from './login-limits.ts';

export const Session = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().describe('Seconds'),
});
export type Session = z.infer<typeof Session>;

/** How the credentials came: a browser that is challenged for Basic asks its user in a window of its own. */
export type Scheme = 'Basic' | 'body';

@Injectable()
export class LogIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly limits: LoginLimits,
    private readonly tokens: AccessTokens,
  ) {}

  /** @throws Problem `invalid-credentials` | `rate-limited` | `busy` */
  async execute(login: Login, scheme: Scheme, address: string): Promise<Session> {
    await this.limits.beforeLogin(address, login.email);
    const userId = await this.accounts.check(login);
    if (userId === null) {
      await this.limits.afterFailure(address, login.email);
      throw invalidCredentials(scheme);
    }
    const { token, expiresInSeconds } = this.tokens.issue(userId);
    return { accessToken: token, tokenType: 'Bearer', expiresIn: expiresInSeconds };
  }
}

/** RFC 9110, 15.5.2: a 401 names a scheme. */
export function invalidCredentials(scheme: Scheme, detail?: string): Problem {
  const challenge = scheme === 'Basic' ? 'Basic realm="mixdown", charset="UTF-8"' : 'Bearer';
  return new Problem('invalid-credentials', detail, { headers: { 'WWW-Authenticate': challenge } });
}
