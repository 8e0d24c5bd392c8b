import { Injectable } from '@nestjs/common';
import { Problem } from '#http';
import { Accounts } from './accounts.ts';
import type { Login } from './credentials.ts';
import { LoginLimits } from './login-limits.ts';
import { type OpenSession, Sessions } from './sessions.ts';
import { Standings } from './standings.ts';
import { type TokenPair, Tokens } from './tokens.ts';

/** How the credentials came: a browser that is challenged for Basic asks its user in a window of its own. */
export type Scheme = 'Basic' | 'body';

@Injectable()
export class LogIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly standings: Standings,
    private readonly limits: LoginLimits,
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
  ) {}

  /** @throws Problem `invalid-credentials` | `rate-limited` | `busy` */
  async execute(
    login: Login,
    scheme: Scheme,
    address: string,
    { isRefreshable } = { isRefreshable: true },
  ): Promise<TokenPair> {
    await this.limits.beforeLogin(address, login.email);
    const user = await this.accounts.check(login);
    if (user === null) {
      await this.limits.afterFailure(address, login.email);
      throw invalidCredentials(scheme);
    }
    if ((await this.standings.of(user.id)) !== 'active') {
      throw invalidCredentials(scheme, 'This account is disabled: ask whoever runs the service.');
    }
    const session = await this.sessions.begin(user.id, { isRefreshable });
    await this.#refuseIfOvertaken(session, user.document.passwordHash, scheme);
    return this.tokens.of(session, user.document);
  }

  /** A new password, or erasing, ends all sessions that there are then: this one may have begun a moment too late. */
  async #refuseIfOvertaken({ id, userId }: OpenSession, passwordHash: string, scheme: Scheme): Promise<void> {
    const now = await this.accounts.find(userId);
    if (now?.document.passwordHash === passwordHash) return;
    await this.sessions.endById(id);
    throw invalidCredentials(scheme);
  }
}

/** RFC 9110, 15.5.2: a 401 names a scheme. */
export function invalidCredentials(scheme: Scheme, detail?: string): Problem {
  const challenge = scheme === 'Basic' ? 'Basic realm="mixdown", charset="UTF-8"' : 'Bearer';
  return new Problem('invalid-credentials', detail, { headers: { 'WWW-Authenticate': challenge } });
}
