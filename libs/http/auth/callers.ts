import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { accountStates, apiKeyIdOf, apiKeys, looksLikeApiKey, secretHash, sessions } from '#contracts';
import { AccessTokens, tokenRefused } from './access-tokens.ts';
import type { Caller } from './caller.ts';
import { RecentRecords } from './recent-records.ts';

/** The last moment that a Date can hold. */
const never = new Date(8.64e15);

/**
 * From a credential to whose it is, and whether it still counts. Records are at most two seconds old, so whoever was
 * deleted or disabled, has logged out or lost the key is out by then, everywhere.
 */
@Injectable()
export class Callers {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly records: RecentRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * @param credential an access token or an API key
   * @throws Problem `unauthenticated` | `token-expired`
   */
  async authenticate(credential: string): Promise<Caller> {
    const isKey = looksLikeApiKey(credential);
    const caller = isKey ? await this.#byKey(credential) : this.tokens.verify(credential);
    await this.refuseIfOut(caller);
    return caller;
  }

  /** For connections that outlive their first request: whether the credential has stopped counting since. */
  async isOut(caller: Caller): Promise<boolean> {
    return caller.expiresAt <= this.clock.now() || (await this.#whyOut(caller)) !== null;
  }

  /** @throws Problem `unauthenticated` */
  async refuseIfOut(caller: Caller): Promise<void> {
    const why = await this.#whyOut(caller);
    if (why !== null) throw tokenRefused(false, why);
  }

  async #byKey(text: string): Promise<Caller> {
    const id = apiKeyIdOf(text);
    const key = id === null ? null : await this.records.get(apiKeys, id);
    if (id === null || key === null || !isSame(secretHash(text), key.hash)) {
      throw tokenRefused(false, 'There is no such API key: it was deleted, or is not complete.');
    }
    const expiresAt = key.expiresAt === null ? never : new Date(key.expiresAt);
    if (expiresAt <= this.clock.now()) throw tokenRefused(true, `This API key expired at ${key.expiresAt}.`);
    return { userId: key.userId, scopes: key.scopes, expiresAt, credential: { kind: 'api-key', keyId: id } };
  }

  /** Null when it counts; else a sentence for whom it belonged to. */
  async #whyOut({ userId, credential }: Caller): Promise<string | null> {
    const state = await this.records.get(accountStates, userId);
    if (state?.status === 'erased') return 'This account was deleted.';
    if (state?.status === 'disabled') return 'This account is disabled: ask whoever runs the service.';
    if (credential.kind === 'api-key') {
      return (await this.records.get(apiKeys, credential.keyId)) === null ? 'This API key was deleted.' : null;
    }
    if (credential.sessionId === null || (await this.records.get(sessions, credential.sessionId)) !== null) return null;
    return 'This session has ended: log in again.';
  }
}

/** Both are hexadecimal and of one length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'));
}
