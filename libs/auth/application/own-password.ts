import { Injectable } from '@nestjs/common';
import { Documents, Stale, type Versioned } from '#documents';
import { Problem } from '#http';
import { Accounts } from './accounts.ts';
import { LoginLimits } from './login-limits.ts';
import { Passwords } from './passwords.ts';
import { Sessions } from './sessions.ts';
import { type User, users } from './users.ts';

/** Whose request it is, and from where. */
export interface Asker {
  readonly userId: string;
  readonly address: string;
}

/** What a user may do with the password at hand: a token alone, perhaps a stolen one, is not enough. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly limits: LoginLimits,
    private readonly sessions: Sessions,
    private readonly documents: Documents,
  ) {}

  /**
   * Guesses count as wrong logins do.
   * @throws Problem `wrong-password` | `rate-limited` | `busy`
   */
  async confirm({ userId, address }: Asker, password: string): Promise<Versioned<User>> {
    const user = await this.accounts.own(userId);
    const { email, passwordHash } = user.document;
    await this.limits.beforeLogin(address, email);
    if (await this.passwords.matches(password, passwordHash)) return user;
    await this.limits.afterFailure(address, email);
    throw new Problem('wrong-password');
  }

  /**
   * All sessions but the one that asks end: before the new password counts, so that a crash leaves none alive behind
   * it, and after, for those that began meanwhile.
   * @param session that goes on; null where the token has none
   */
  async change(asker: Asker, session: string | null, current: string, next: string): Promise<void> {
    const { id, version, document } = await this.confirm(asker, current);
    const passwordHash = await this.passwords.hash(next);
    const except = session === null ? {} : { except: session };
    await this.sessions.endAllOf(id, except);
    try {
      await this.documents.replace(users, id, version, { ...document, passwordHash });
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      throw new Problem('wrong-password', 'The password was changed at this very moment by another request.');
    }
    await this.sessions.endAllOf(id, except);
  }
}
