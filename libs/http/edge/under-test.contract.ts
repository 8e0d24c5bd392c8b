import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Global, Module, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Clock, SystemClock } from '#clock';
import { Config, JwtSecret, loadConfig } from '#config';
import { Documents } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { EventStore } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';
import { ReadModels } from '#projections';
import { createLog, Log, Metrics } from '#telemetry';
import { HttpModule } from '../http.module.ts';
import { createHttpApp } from './create-http-app.ts';

export const secret = 'a secret of the test, at least thirty-two characters long';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** An edge with these controllers behind it, which listens on a free port. */
export class EdgeUnderTest {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly log: readonly LogLine[],
    readonly documents: SqliteDocuments,
    private readonly events: SqliteEventStore,
  ) {}

  static async start(controllers: Type[], environment: Readonly<Record<string, string>> = {}): Promise<EdgeUnderTest> {
    const config = loadConfig(environment);
    const lines: LogLine[] = [];
    const log = createLog('debug', { write: (line) => lines.push(JSON.parse(line) as LogLine) });
    const documents = await SqliteDocuments.open(':memory:');
    const events = await SqliteEventStore.open(':memory:');
    @Global()
    @Module({
      providers: [
        { provide: Config, useValue: config },
        { provide: Log, useValue: log },
        { provide: Metrics, useValue: new Metrics() },
        { provide: Clock, useValue: new SystemClock() },
        { provide: Documents, useValue: documents },
        { provide: EventStore, useValue: events },
        ReadModels,
        { provide: JwtSecret, useValue: new JwtSecret(secret) },
      ],
      exports: [Config, Log, Metrics, Clock, Documents, EventStore, ReadModels, JwtSecret],
    })
    class Ports {}
    @Module({ imports: [Ports, HttpModule], controllers })
    class Root {}
    const app = await createHttpApp(Root, config, log);
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return new EdgeUnderTest(app, `http://127.0.0.1:${port}`, lines, documents, events);
  }

  async stop(): Promise<void> {
    (this.app.getHttpServer() as Server).closeAllConnections();
    await this.app.close();
    await this.documents.close();
    await this.events.close();
  }

  async connect(): Promise<Socket> {
    const socket = connect(Number(new URL(this.url).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  /** What comes back for these lines as they are, until the server closes the connection. */
  async send(lines: readonly string[]): Promise<string> {
    const socket = await this.connect();
    socket.write(lines.join('\r\n'));
    return text(socket);
  }
}
