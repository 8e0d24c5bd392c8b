import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { type Session, secretHash, sessions } from '#contracts';
import { Documents, pagesOf, removeDocument, Stale, type Versioned } from '#documents';
import { accessTokenSeconds, Problem } from '#http';
import { Log } from '#telemetry';
import { meaningOf, type RefreshToken, RefreshTokens, textOf } from './refresh-tokens.ts';

const refreshMilliseconds = 30 * 86_400_000;
const pageSize = 100;

/** What is given out when a session begins or goes on. */
export interface OpenSession {
  readonly id: string;
  readonly userId: string;
  /** Null where none was asked for. */
  readonly refreshToken: string | null;
}

/** Logins that go on: families of refresh tokens, of which one is good at a time. */
@Injectable()
export class Sessions {
  constructor(
    private readonly documents: Documents,
    private readonly tokens: RefreshTokens,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async begin(userId: string, { isRefreshable }: { readonly isRefreshable: boolean }): Promise<OpenSession> {
    const id = randomUUID();
    const now = this.clock.now();
    const token = isRefreshable ? this.tokens.first(id) : null;
    const lifetime = isRefreshable ? refreshMilliseconds : accessTokenSeconds * 1_000;
    const refresh = token && {
      familyHash: secretHash(token.family),
      currentHash: secretHash(textOf(token)),
      previous: null,
    };
    await this.documents.insert(sessions, id, {
      ...{ userId, createdAt: now.toISOString(), refresh },
      expiresAt: new Date(now.getTime() + lifetime).toISOString(),
    });
    return { id, userId, refreshToken: token && textOf(token) };
  }

  /**
   * The token's successor: of any number of requests with it, one replaces it and all get the same.
   * @param admit may refuse the user, and then nothing has changed
   * @throws Problem `refresh-token-refused`; one that is reused ends its session
   */
  async refresh(text: string, admit: (userId: string) => Promise<void>): Promise<OpenSession> {
    const token = this.tokens.read(text);
    if (token === null) throw refused('This is not a refresh token.');
    const session = await this.documents.get(sessions, token.sessionId);
    const now = this.clock.now();
    const family = session?.document.refresh ?? null;
    if (session === null || family === null || session.document.expiresAt <= now.toISOString()) throw refused();
    const { userId } = session.document;
    const successor = this.tokens.successorOf(token);
    switch (meaningOf(token, family, now)) {
      case 'foreign':
        throw refused();
      case 'reused':
        await this.#endReused(session);
        throw refused('It was used before, so its session has been ended: somebody else may have a copy.');
      case 'repeated':
        // Under another key, since a moment ago, the one that was given out cannot be told any more.
        if (secretHash(textOf(successor)) !== family.currentHash) throw refused();
        break;
      case 'current':
        await admit(userId);
        if (!(await this.#replace(session, token, now))) return this.refresh(text, admit);
    }
    return { id: session.id, userId, refreshToken: textOf(successor) };
  }

  /** Ends the session of this refresh token, be it the newest or an older one; nothing for what is none. */
  async end(text: string): Promise<void> {
    const token = this.tokens.read(text);
    const session = token && (await this.documents.get(sessions, token.sessionId));
    if (token === null || session === null) return;
    const { refresh } = session.document;
    if (refresh !== null && meaningOf(token, refresh, this.clock.now()) !== 'foreign') await this.endById(session.id);
  }

  async endById(id: string): Promise<void> {
    await removeDocument(this.documents, sessions, id);
  }

  async endAllOf(userId: string, { except }: { readonly except?: string } = {}): Promise<void> {
    const theirs = { index: 'byUser', equals: [userId], limit: pageSize };
    for await (const page of pagesOf(this.documents, sessions, theirs)) {
      for (const { id } of page) if (id !== except) await this.endById(id);
    }
  }

  /** Removes those that nobody refreshed in time; at most so many at once. @returns how many */
  async sweep(): Promise<number> {
    const now = this.clock.now().toISOString();
    const { items } = await this.documents.page(sessions, { index: 'byExpiry', to: now, limit: pageSize });
    for (const { id, version } of items) {
      // One that is refreshed at this very moment stays.
      await this.documents.replace(sessions, id, version, null).catch(unlessStale);
    }
    return items.length;
  }

  /** @returns false when somebody else was faster */
  async #replace({ id, version, document }: Versioned<Session>, token: RefreshToken, now: Date): Promise<boolean> {
    const currentHash = secretHash(textOf(this.tokens.successorOf(token)));
    const previous = { hash: secretHash(textOf(token)), replacedAt: now.toISOString() };
    const refresh = document.refresh && { ...document.refresh, currentHash, previous };
    const expiresAt = new Date(now.getTime() + refreshMilliseconds).toISOString();
    try {
      await this.documents.replace(sessions, id, version, { ...document, refresh, expiresAt });
      return true;
    } catch (error) {
      unlessStale(error);
      return false;
    }
  }

  async #endReused({ id, document }: Versioned<Session>): Promise<void> {
    await this.endById(id);
    this.log.warn({ userId: document.userId, sessionId: id }, 'a refresh token was used again: its session is ended');
  }
}

function unlessStale(error: unknown): void {
  if (!(error instanceof Stale)) throw error;
}

/** RFC 9110, 15.5.2: a 401 names a scheme. */
export function refused(detail?: string): Problem {
  return new Problem('refresh-token-refused', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
