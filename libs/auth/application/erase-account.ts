import { Injectable } from '@nestjs/common';
import { appendSurely } from '#actors';
import { accountQuotas, accountStream, deriveId, eventIdFor } from '#contracts';
import { crashPoint } from '#crash-points';
import { Documents, defineCollection, removeDocument, Taken } from '#documents';
import { EventStore, WrongExpectedVersion } from '#event-store';
import { currentTraceparent } from '#telemetry';
import { ApiKeys } from './api-keys.ts';
import { Sessions } from './sessions.ts';
import { Standings } from './standings.ts';
import { users } from './users.ts';

/** Erasures that were asked for and are not done, by user id: whatever happens meanwhile, they will be. */
const erasures = defineCollection<{ readonly requestedAt: string }>({
  name: 'account-erasures',
  kind: 'record',
  indexes: { byAge: { fields: ['requestedAt'] } },
});

const eventSchemaVersion = 1;
const pageSize = 100;

/**
 * Erases an account in steps of which each can be repeated: first the intent, which the sweep finds, then the state
 * that keeps every credential out, then all records, then the word to everybody else, and last the intent.
 */
@Injectable()
export class EraseAccount {
  constructor(
    private readonly documents: Documents,
    private readonly events: EventStore,
    private readonly standings: Standings,
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
  ) {}

  async execute(userId: string, at: Date): Promise<void> {
    const requestedAt = at.toISOString();
    try {
      await this.documents.insert(erasures, userId, { requestedAt });
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
    }
    crashPoint('auth.erasure-begun');
    await this.#carryOut(userId, requestedAt);
  }

  /** Finishes what a crash, or a store that was away, has left. @returns how many */
  async sweep(): Promise<number> {
    const { items } = await this.documents.page(erasures, { index: 'byAge', limit: pageSize });
    for (const { id, document } of items) await this.#carryOut(id, document.requestedAt);
    return items.length;
  }

  async #carryOut(userId: string, at: string): Promise<void> {
    await this.standings.become(userId, 'erased');
    await removeDocument(this.documents, users, userId);
    await this.sessions.endAllOf(userId);
    await this.keys.deleteAllOf(userId);
    await removeDocument(this.documents, accountQuotas, userId);
    crashPoint('auth.records-erased');
    await this.#tellEverybody(userId, at);
    crashPoint('auth.erasure-appended');
    await removeDocument(this.documents, erasures, userId);
  }

  async #tellEverybody(userId: string, at: string): Promise<void> {
    const stream = accountStream(userId);
    const type = 'AccountErased';
    const commandId = deriveId(userId, 'erase');
    const traceparent = currentTraceparent();
    const traced = traceparent === undefined ? {} : { traceparent };
    const event = { id: eventIdFor(stream, commandId, 0, { type, data: {} }), type, data: {} };
    const metadata = { commandId, at, schema: eventSchemaVersion, ...traced };
    try {
      await appendSurely(this.events, stream, 'no-stream', [{ ...event, metadata }]);
    } catch (error) {
      // It has been said: nothing else is ever said of an account.
      if (!(error instanceof WrongExpectedVersion)) throw error;
    }
  }
}
