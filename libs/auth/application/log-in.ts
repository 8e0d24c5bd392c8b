import { Injectable } from '@nestjs/common';
import { AccessTokens, Problem } from '#http';
import { Accounts } from './accounts.ts';
import type { Login } from './credentials.ts';
import { LoginLimits } from './login-limits.ts';

export interface Session {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds. */
  readonly expiresIn: number;
}

@Injectable()
export class LogIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly limits: LoginLimits,
    private readonly tokens: AccessTokens,
  ) {}

  /** @throws Problem `invalid-credentials` | `rate-limited` | `busy` */
  async execute(login: Login, address: string): Promise<Session> {
    await this.limits.beforeLogin(address, login.email);
    const userId = await this.accounts.check(login);
    if (userId === null) {
      await this.limits.afterFailure(address, login.email);
      throw new Problem('invalid-credentials', undefined, { headers: { 'WWW-Authenticate': 'Basic realm="mixdown"' } });
    }
    const { token, expiresInSeconds } = this.tokens.issue(userId);
    return { accessToken: token, tokenType: 'Bearer', expiresIn: expiresInSeconds };
  }
}
