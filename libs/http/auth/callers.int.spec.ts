import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JwtSecret } from '#config';
import {
  type ApiKey,
  accountStates,
  apiKeys,
  apiKeyText,
  type Session,
  secretHash,
  sessions,
  userScopes,
} from '#contracts';
import { removeDocument } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { SimulatedClock } from '#testing';
import { AccessTokens } from './access-tokens.ts';
import { Callers } from './callers.ts';
import { RecentRecords } from './recent-records.ts';

const clock = new SimulatedClock(new Date().toISOString());
const tokens = new AccessTokens(new JwtSecret('a secret of the test, at least thirty-two characters long'));
let documents: SqliteDocuments;
let callers: Callers;
beforeAll(async () => {
  documents = await SqliteDocuments.open(':memory:');
  callers = new Callers(tokens, new RecentRecords(documents, clock), clock);
});
afterAll(() => documents.close());

async function session(userId: string): Promise<string> {
  const id = randomUUID();
  const at = clock.now().toISOString();
  const begun: Session = { userId, createdAt: at, expiresAt: at, refresh: null };
  await documents.insert(sessions, id, begun);
  return id;
}
async function key(userId: string, more: Partial<ApiKey> = {}): Promise<{ id: string; text: string }> {
  const id = randomUUID();
  const text = apiKeyText(id, randomBytes(32));
  const createdAt = clock.now().toISOString();
  const made: ApiKey = {
    userId,
    name: 'x',
    scopes: ['admin'],
    hash: secretHash(text),
    createdAt,
    expiresAt: null,
    ...more,
  };
  await documents.insert(apiKeys, id, made);
  return { id, text };
}
describe('a credential tells whose it is', () => {
  it('an access token', async () => {
    const userId = randomUUID();
    const sessionId = await session(userId);
    const caller = await callers.authenticate(tokens.issue(userId, userScopes, sessionId).token);
    const credential = { kind: 'access-token', sessionId };
    expect(caller).toEqual({ userId, scopes: userScopes, expiresAt: expect.any(Date), credential });
  });
  it('an access token from before there were sessions', async () => {
    const userId = randomUUID();
    const caller = await callers.authenticate(tokens.issue(userId).token);
    expect(caller).toMatchObject({ userId, credential: { sessionId: null } });
  });
  it('an API key', async () => {
    const userId = randomUUID();
    const { id, text } = await key(userId);
    const caller = await callers.authenticate(text);
    expect(caller).toMatchObject({ userId, scopes: ['admin'], credential: { kind: 'api-key', keyId: id } });
    expect(caller.expiresAt.getTime()).toBeGreaterThan(8e15);
  });
});

describe('whoever was let in is out again, within two seconds', () => {
  async function enter(): Promise<Record<'byToken' | 'byKey', Awaited<ReturnType<Callers['authenticate']>>>> {
    const userId = randomUUID();
    const byToken = await callers.authenticate(tokens.issue(userId, userScopes, await session(userId)).token);
    const byKey = await callers.authenticate((await key(userId)).text);
    expect([await callers.isOut(byToken), await callers.isOut(byKey)]).toEqual([false, false]);
    return { byToken, byKey };
  }

  it.each(['disabled', 'erased'] as const)('when the account is %s', async (status) => {
    const { byToken, byKey } = await enter();
    await documents.insert(accountStates, byToken.userId, { status });
    await clock.advance(2_000);
    expect([await callers.isOut(byToken), await callers.isOut(byKey)]).toEqual([true, true]);
  });
  it('when the session has ended, but not by its key', async () => {
    const { byToken, byKey } = await enter();
    if (byToken.credential.kind === 'access-token') {
      await removeDocument(documents, sessions, byToken.credential.sessionId ?? '');
    }
    await clock.advance(2_000);
    expect([await callers.isOut(byToken), await callers.isOut(byKey)]).toEqual([true, false]);
  });
  it('when the key was deleted, but not by its session', async () => {
    const { byToken, byKey } = await enter();
    if (byKey.credential.kind === 'api-key') await removeDocument(documents, apiKeys, byKey.credential.keyId);
    await clock.advance(2_000);
    expect([await callers.isOut(byToken), await callers.isOut(byKey)]).toEqual([false, true]);
  });
  it('when its time is over', async () => {
    const { byToken, byKey } = await enter();
    const expiresAt = clock.now();
    expect(await callers.isOut({ ...byToken, expiresAt })).toBe(true);
    expect(await callers.isOut({ ...byKey, expiresAt: new Date(expiresAt.getTime() + 1) })).toBe(false);
  });
});
