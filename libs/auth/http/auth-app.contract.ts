import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import { Clock } from '#clock';
import { Config, JwtSecret, loadConfig } from '#config';
import { Documents } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { EventStore } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';
import { createHttpApp, HttpModule } from '#http';
import { ReadModels } from '#projections';
import { createLog, Log, Metrics } from '#telemetry';
import { SimulatedClock } from '#testing';
import { Accounts } from '../application/accounts.ts';
import { AuthModule } from '../auth.module.ts';

export const password = 'correct horse battery staple';
const secret = 'a secret of the test, at least thirty-two characters long';

export interface TokenPair {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where there is none, text where it is not JSON. */
  readonly body: unknown;
}

@Module({})
class Ports {}
@Module({})
class AuthAlone {}

/** What a test puts in the way of the real stores. */
export interface Obstacles {
  readonly events?: (real: EventStore) => EventStore;
}

/** The auth service over HTTP on real stores, at a time that passes only when the test says so. */
export class AuthApp {
  private constructor(
    readonly url: string,
    readonly clock: SimulatedClock,
    readonly documents: SqliteDocuments,
    readonly events: SqliteEventStore,
    readonly accounts: Accounts,
    /** What was logged so far. */
    readonly log: readonly string[],
    readonly stop: () => Promise<void>,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}, obstacles: Obstacles = {}): Promise<AuthApp> {
    const documents = await SqliteDocuments.open(':memory:');
    const events = await SqliteEventStore.open(':memory:');
    const clock = new SimulatedClock(new Date().toISOString());
    const config = loadConfig(environment);
    const lines: string[] = [];
    const log = createLog('debug', { write: (line) => lines.push(line) });
    const providers = [
      { provide: Config, useValue: config },
      { provide: Log, useValue: log },
      { provide: Metrics, useValue: new Metrics() },
      { provide: Clock, useValue: clock },
      { provide: Documents, useValue: documents },
      { provide: EventStore, useValue: obstacles.events?.(events) ?? events },
      { provide: JwtSecret, useValue: new JwtSecret(secret) },
      { provide: ReadModels, useClass: ReadModels },
    ];
    const ports = { module: Ports, global: true, providers, exports: providers.map(({ provide }) => provide) };
    const app = await createHttpApp({ module: AuthAlone, imports: [ports, HttpModule, AuthModule] }, config, log);
    await app.listen(0, '127.0.0.1');
    const server: Server = app.getHttpServer();
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
    const stop = async () => {
      server.closeAllConnections();
      await app.close();
      await events.close();
      await documents.close();
    };
    const url = `http://127.0.0.1:${address.port}`;
    return new AuthApp(url, clock, documents, events, app.get(Accounts), lines, stop);
  }

  async ask(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}): Promise<Answer> {
    const headers = new Headers();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text || null };
  }

  /** A new user. */
  async register(email = `${randomUUID()}@example.org`): Promise<{ id: string; email: string }> {
    return this.accounts.add({ email, password });
  }

  async logIn(email: string, given = password): Promise<TokenPair> {
    const { status, body } = await this.ask('POST', '/v1/auth/login', { body: { email, password: given } });
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as TokenPair;
  }

  refresh(refreshToken: string): Promise<Answer> {
    return this.ask('POST', '/v1/auth/refresh', { body: { refreshToken } });
  }

  me(token: string): Promise<Answer> {
    return this.ask('GET', '/v1/me', { token });
  }

  /** Whatever an edge remembers is forgotten. */
  async pass(seconds = 2): Promise<void> {
    await this.clock.advance(seconds * 1_000);
  }

  /** The types of all events of accounts, with their streams. */
  async said(): Promise<readonly string[]> {
    const stop = new AbortController();
    const said: string[] = [];
    for await (const item of this.events.feed({ after: null, categories: ['account'], signal: stop.signal })) {
      if ('caughtUp' in item) stop.abort();
      else said.push(`${item.stream} ${item.type}`);
    }
    return said;
  }
}
