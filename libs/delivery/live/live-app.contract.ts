import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Blobs } from '#blobs';
import { DiskBlobs } from '#blobs/disk';
import { Clock } from '#clock';
import { Config, JwtSecret, loadConfig } from '#config';
import {
  type ConversionEvent,
  conversionStream,
  eventIdFor,
  type JsonObject,
  progressMessage,
  type Scope,
  type TaskProgress,
  topics,
} from '#contracts';
import { Documents } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { EventStore } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';
import { AccessTokens, closeGracefully, createHttpApp, HttpModule } from '#http';
import { Bus } from '#messaging';
import { InProcessBus } from '#messaging/in-process';
import { keepPrivateFields, LatestProgress, ReadModels } from '#projections';
import { createLog, Log, Metrics } from '#telemetry';
import { SimulatedClock } from '#testing';
import { DeliveryModule } from '../delivery.module.ts';
import { LiveClient, type LiveClientOptions } from './live-client.contract.ts';

@Module({})
class Ports {}
@Module({})
class DeliveryAlone {}

const blob = { key: '00000000-0000-4000-8000-000000000100', sha256: 'a'.repeat(64), bytes: 100 };
const at = '2026-01-01T00:00:00.000Z';
const taskId = '00000000-0000-4000-8000-000000000200';

export interface LiveApp extends AsyncDisposable {
  readonly url: string;
  readonly userId: string;
  /** Passes when the test says so. */
  readonly clock: SimulatedClock;
  readonly documents: Documents;
  token(userId?: string, scopes?: readonly Scope[]): string;
  connect(options?: LiveClientOptions): Promise<LiveClient>;
  /** Appends to a conversion's stream behind what is there. @returns its id */
  append(id: string, ...events: readonly ConversionEvent[]): Promise<string>;
  requested(userId?: string): ConversionEvent;
  /** Lets an encoder tell how far it is, and resolves when it has been heard. */
  progress(conversionId: string, percent: number): Promise<void>;
  keepMetadata(conversionId: string, metadata: JsonObject): Promise<void>;
  /** A figure as a scraper sees it; 0 when there is none yet. */
  figure(name: string): Promise<number>;
  /** As at SIGTERM. */
  close(): Promise<void>;
}

/** The delivery service over HTTP on real stores; what happens is written into the log by the test. */
export async function startLive(environment: Readonly<Record<string, string>> = {}): Promise<LiveApp> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-live-'));
  const events = await SqliteEventStore.open(join(folder, 'events.db'));
  const documents = await SqliteDocuments.open(join(folder, 'documents.db'));
  const clock = new SimulatedClock(new Date().toISOString());
  const bus = new InProcessBus({ clock });
  const config = loadConfig({ DATA_DIR: folder, ...environment });
  const log = createLog('silent');
  const metrics = new Metrics();
  const providers = [
    { provide: Config, useValue: config },
    { provide: Log, useValue: log },
    { provide: Metrics, useValue: metrics },
    { provide: Clock, useValue: clock },
    { provide: EventStore, useValue: events },
    { provide: Documents, useValue: documents },
    { provide: Bus, useValue: bus },
    { provide: Blobs, useValue: await DiskBlobs.open(join(folder, 'blobs')) },
    { provide: JwtSecret, useValue: new JwtSecret('a secret that is long enough for everybody') },
    { provide: ReadModels, useClass: ReadModels },
  ];
  const ports = { module: Ports, global: true, providers, exports: providers.map(({ provide }) => provide) };
  const app = await createHttpApp({ module: DeliveryAlone, imports: [ports, HttpModule, DeliveryModule] }, config, log);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const userId = randomUUID();
  const tokens = app.get(AccessTokens);
  const token = (of = userId, scopes?: readonly Scope[]) => tokens.issue(of, scopes).token;
  const latest = app.get(LatestProgress, { strict: false });
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= closeGracefully(app);
    return closing;
  };
  return {
    ...{ url, userId, clock, documents, token, close, requested },
    connect: (options = { token: token() }) => LiveClient.open(url, options),
    requested: (of = userId) => requested(of),
    async append(id, ...happened) {
      const stream = conversionStream(id);
      let last = -1n;
      for await (const { revision } of events.read(stream)) last = revision;
      const metadata = { commandId: randomUUID(), causationId: randomUUID(), at, schema: 1 };
      const added = happened.map(({ type, data }, index) => {
        const plain = data as unknown as JsonObject;
        return { id: eventIdFor(stream, metadata.commandId, index, plain), type, data: plain, metadata };
      });
      await events.append(stream, last < 0n ? 'no-stream' : last, added);
      return id;
    },
    async progress(conversionId, percent) {
      const value: TaskProgress = { conversionId, taskId, kind: 'inspect', percent, eta: 1 };
      const message = { key: conversionId, id: randomUUID(), type: progressMessage, value, headers: {} };
      await bus.publish([{ topic: topics.progress, ...message }]);
      await until(() => latest.of(conversionId)?.percent === percent);
    },
    keepMetadata: (conversionId, metadata) =>
      keepPrivateFields(documents, requestHash, { userId, conversionId, metadata }),
    async figure(name) {
      const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await close();
      await events.close();
      await documents.close();
      await rm(folder, { recursive: true });
    },
  };
}

const requestHash = 'hash';

function requested(userId: string): ConversionEvent {
  const settings = { format: 'mp3', quality: { mode: 'vbr', level: 2 } } as const;
  const deadline = '2026-01-02T00:00:00.000Z';
  return {
    type: 'ConversionRequested',
    at,
    data: { userId, uploadId: taskId, source: blob, settings, priority: 'normal', requestHash, deadline },
  };
}

export const happened = {
  started: { type: 'ConversionStarted', at, data: { taskId, engine: 'ffmpeg' } },
  cancelled: { type: 'ConversionCancelled', at, data: { reason: 'client' } },
  deleted: { type: 'ConversionDeleted', at, data: {} },
  tried: (attempt: number, detail: string): ConversionEvent => ({
    type: 'TaskFailed',
    at,
    data: { taskId, try: attempt, code: 'encoder-crashed', detail, retryAt: at },
  }),
} as const satisfies Record<string, ConversionEvent | ((...args: never[]) => ConversionEvent)>;

/** What goes on elsewhere in this process is seen when it is seen. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
