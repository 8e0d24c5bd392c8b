import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '#clock';
import { type ApiKey, apiKeys, apiKeyText, Scope, secretHash } from '#contracts';
import { Documents, pagesOf, removeDocument } from '#documents';
import { type Caller, type Paged, Problem } from '#http';
import { Accounts } from './accounts.ts';

const most = 100;

export const NewApiKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKeyDocument = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(Scope),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiKeyDocument = z.infer<typeof ApiKeyDocument>;

export const MadeApiKey = ApiKeyDocument.extend({
  key: z.string().describe('Shown this once: only its hash is kept'),
});
export type MadeApiKey = z.infer<typeof MadeApiKey>;

@Injectable()
export class ApiKeys {
  constructor(
    private readonly documents: Documents,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `missing-scope` | `invalid-request` | `quota-exceeded` */
  async make({ userId, scopes: own }: Caller, { name, scopes, expiresAt }: NewApiKey): Promise<MadeApiKey> {
    const beyond = scopes.filter((scope) => !own.includes(scope));
    if (beyond.length > 0) throw new Problem('missing-scope', `You have not the scope ${beyond.join(', ')} yourself.`);
    const now = this.clock.now();
    const ends = expiresAt === undefined ? null : new Date(expiresAt);
    if (ends !== null && ends <= now) throw endsBeforeItBegins();
    await this.#refuseTooMany(userId);
    const id = randomUUID();
    const key = apiKeyText(id, randomBytes(32));
    const made: ApiKey = {
      ...{ userId, name, scopes: [...new Set(scopes)], hash: secretHash(key) },
      ...{ createdAt: now.toISOString(), expiresAt: ends?.toISOString() ?? null },
    };
    await this.documents.insert(apiKeys, id, made);
    await this.#withdrawIfErased(userId, id);
    return { ...toDocument(id, made), key };
  }

  /** Newest first. */
  async list(userId: string, limit: number, cursor: string | undefined): Promise<Paged<ApiKeyDocument>> {
    const query = { index: 'byUser', equals: [userId], order: 'descending', limit } as const;
    const { items, next } = await this.documents.page(apiKeys, {
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: items.map(({ id, document }) => toDocument(id, document)), next };
  }

  /** @throws Problem `not-found` */
  async delete(userId: string, id: string): Promise<void> {
    const key = await this.documents.get(apiKeys, id);
    if (key?.document.userId !== userId) throw new Problem('not-found', 'You have no API key with this id.');
    await removeDocument(this.documents, apiKeys, id);
  }

  async deleteAllOf(userId: string): Promise<void> {
    const theirs = { index: 'byUser', equals: [userId], limit: most };
    for await (const page of pagesOf(this.documents, apiKeys, theirs)) {
      for (const { id } of page) await removeDocument(this.documents, apiKeys, id);
    }
  }

  async #refuseTooMany(userId: string): Promise<void> {
    const count = await this.documents.count(apiKeys, { index: 'byUser', equals: [userId], limit: most });
    if (count < most) return;
    throw new Problem('quota-exceeded', `At most ${most} API keys: delete one that is not needed.`);
  }

  /** The account may have been erased while the key was made. */
  async #withdrawIfErased(userId: string, id: string): Promise<void> {
    if ((await this.accounts.find(userId)) === null) await removeDocument(this.documents, apiKeys, id);
    await this.accounts.own(userId);
  }
}

function endsBeforeItBegins(): Problem {
  return new Problem('invalid-request', 'expiresAt is in the past.', {
    errors: [{ pointer: '/expiresAt', detail: 'is in the past' }],
  });
}

function toDocument(id: string, { name, scopes, createdAt, expiresAt }: ApiKey): ApiKeyDocument {
  return { id, name, scopes: [...scopes], createdAt, expiresAt };
}
