import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Blobs } from '#blobs';
import { DiskBlobs } from '#blobs/disk';
import { Clock } from '#clock';
import { Config, JwtSecret, loadConfig } from '#config';
import { Documents } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { EventStore, type Recorded } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';
import { AccessTokens, createHttpApp, HttpModule } from '#http';
import { ReadModels } from '#projections';
import { createLog, Log, Metrics } from '#telemetry';
import { SimulatedClock } from '#testing';
import { UploadModule } from '../upload.module.ts';

/** What a test puts in the way of the real stores. */
export interface Obstacles {
  readonly events?: (real: EventStore) => EventStore;
  readonly documents?: (real: Documents) => Documents;
  readonly blobs?: (real: Blobs) => Blobs;
}

export interface UploadApp extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly userId: string;
  /** Of that user. */
  readonly token: string;
  tokenOf(userId: string): string;
  /** Stands still unless the test moves it. */
  readonly clock: WatchedClock;
  /** A figure as a scraper sees it; 0 when there is none yet. */
  figure(name: string): Promise<number>;
  /** Everything in the log. */
  events(): Promise<readonly Recorded[]>;
  /** That are open on the server's side. */
  connections(): number;
  /** By the server, from all connections. */
  bytesRead(): number;
  /** Files below the blobs' folder, finished or not. */
  files(): Promise<readonly string[]>;
}

/** Tells how many sleep by it. */
export class WatchedClock extends SimulatedClock {
  sleeping = 0;

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeping += 1;
    await super.sleep(milliseconds, signal);
    this.sleeping -= 1;
  }
}

@Module({})
class Ports {}
@Module({})
class UploadsAlone {}

/** The upload service over HTTP on real stores. */
export async function startUploads(
  environment: Readonly<Record<string, string>> = {},
  obstacles: Obstacles = {},
): Promise<UploadApp> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-upload-'));
  const events = await SqliteEventStore.open(join(folder, 'events.db'));
  const documents = await SqliteDocuments.open(join(folder, 'documents.db'));
  const blobsFolder = join(folder, 'blobs');
  const blobs = await DiskBlobs.open(blobsFolder);
  const config = loadConfig({ DATA_DIR: folder, ...environment });
  const log = createLog('silent');
  const metrics = new Metrics();
  const clock = new WatchedClock();
  const providers = [
    { provide: Config, useValue: config },
    { provide: Log, useValue: log },
    { provide: Metrics, useValue: metrics },
    { provide: Clock, useValue: clock },
    { provide: EventStore, useValue: obstacles.events?.(events) ?? events },
    { provide: Documents, useValue: obstacles.documents?.(documents) ?? documents },
    { provide: Blobs, useValue: obstacles.blobs?.(blobs) ?? blobs },
    { provide: JwtSecret, useValue: new JwtSecret('a secret that is long enough for everybody') },
    { provide: ReadModels, useClass: ReadModels },
  ];
  const ports = { module: Ports, global: true, providers, exports: providers.map(({ provide }) => provide) };
  const app = await createHttpApp({ module: UploadsAlone, imports: [ports, HttpModule, UploadModule] }, config, log);
  await app.listen(0, '127.0.0.1');
  const server: Server = app.getHttpServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
  const tokens = app.get(AccessTokens);
  const userId = randomUUID();
  return {
    ...{ url: `http://127.0.0.1:${address.port}`, port: address.port, userId, clock },
    token: tokens.issue(userId).token,
    tokenOf: (other) => tokens.issue(other).token,
    async figure(name) {
      const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
    async events() {
      const stop = new AbortController();
      const recorded: Recorded[] = [];
      for await (const item of events.feed({ after: null, categories: ['upload'], signal: stop.signal })) {
        if ('caughtUp' in item) stop.abort();
        else recorded.push(item);
      }
      return recorded;
    },
    bytesRead: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    connections: () => sockets.filter(({ destroyed }) => !destroyed).length,
    async files() {
      const found = await readdir(blobsFolder, { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await app.close();
      await events.close();
      await documents.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What a client does is seen when it is seen. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
