import { Injectable } from '@nestjs/common';
import { accountStates } from '#contracts';
import { Documents } from '#documents';
import { AccessTokens, type Caller, Problem } from '#http';

/** Who connects, and whether they still may be: asked at the handshake, and then for as long as the connection is open. */
@Injectable()
export class LiveCallers {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly documents: Documents,
  ) {}

  /** @throws Problem `unauthenticated` | `token-expired` */
  async authenticate(credential: string): Promise<Caller> {
    const caller = this.tokens.verify(credential);
    if (!(await this.isOut(caller))) return caller;
    throw new Problem('unauthenticated', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } });
  }

  /** The account was disabled or erased. */
  async isOut({ userId }: Caller): Promise<boolean> {
    const state = await this.documents.get(accountStates, userId);
    return state !== null && state.document.status !== 'active';
  }
}
