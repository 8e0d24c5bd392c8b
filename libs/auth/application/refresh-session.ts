import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.ts';
import { refused, Sessions } from './sessions.ts';
import { Standings } from './standings.ts';
import { type TokenPair, Tokens } from './tokens.ts';

/** New tokens for a session that goes on. */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly standings: Standings,
    private readonly tokens: Tokens,
  ) {}

  /** @throws Problem `refresh-token-refused` */
  async execute(refreshToken: string): Promise<TokenPair> {
    const session = await this.sessions.refresh(refreshToken, (userId) => this.#admit(userId));
    const user = await this.accounts.find(session.userId);
    if (user === null) throw refused('The account is gone.');
    return this.tokens.of(session, user.document);
  }

  async #admit(userId: string): Promise<void> {
    if ((await this.standings.of(userId)) !== 'active') throw refused('This account is disabled.');
  }
}
