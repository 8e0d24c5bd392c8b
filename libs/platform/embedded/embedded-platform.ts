import { Blobs } from '#blobs';
import { DiskBlobs } from '#blobs/disk';
import { Clock, SystemClock } from '#clock';
import { Config, JwtSecret } from '#config';
import { topics } from '#contracts';
import { Documents } from '#documents';
import { SqliteDocuments } from '#documents/sqlite';
import { EventStore } from '#event-store';
import { SqliteEventStore } from '#event-store/sqlite';

import { Bus } from '#messaging';
import { InProcessBus } from '#messaging/in-process';
import { ReadModels } from '#projections';
import { Log, Metrics } from '#telemetry';
import { AdverseBus, AdverseDocuments, AdverseEventStore, Chance } from '../adverse/index.ts';
import { type Platform, platformModule } from '../platform.ts';
import { messagingSystems, TracedBlobs, TracedBus, TracedEventStore } from '../traced/index.ts';
import { BusCheckpoints } from './bus-checkpoints.ts';
import { DataFolder } from './data-folder.ts';
import { eventLogTopic } from './event-log-topic.ts';

const categories = ['account', 'upload', 'conversion'];

interface Stores {
  readonly events: EventStore;
  readonly documents: Documents;
}

/**
 * SQLite, files and a bus in the process, all below one data folder that is locked for as long as this is open.
 * @throws DataFolderUnusable
 */
export async function openEmbeddedPlatform(config: Config, log: Log, metrics: Metrics): Promise<Platform> {
  const folder = await DataFolder.open(config.dataDir);
  const clock = new SystemClock();
  const [events, documents, blobs] = await Promise.all([
    SqliteEventStore.open(folder.eventsFile),
    SqliteDocuments.open(folder.documentsFile),
    DiskBlobs.open(folder.blobsFolder),
  ]);
  const stores: Stores = { events, documents };
  const isAdverse = config.adverseSeed !== undefined;
  const ports = isAdverse
    ? adverse(config.adverseSeed, stores, clock, (used) => openBus(used, clock, metrics, log))
    : { ...stores, bus: openBus(stores, clock, metrics, log) };
  if (isAdverse) log.warn({ seed: config.adverseSeed }, 'everything that may go wrong is made to');
  return {
    module: platformModule([
      { provide: Config, useValue: config },
      { provide: Log, useValue: log },
      { provide: Metrics, useValue: metrics },
      { provide: Clock, useValue: clock },
      { provide: EventStore, useValue: new TracedEventStore(ports.events, 'sqlite') },
      { provide: Documents, useValue: ports.documents },
      { provide: Blobs, useValue: new TracedBlobs(blobs) },
      { provide: Bus, useValue: new TracedBus(ports.bus, messagingSystems.embedded) },
      ReadModels,
      { provide: JwtSecret, useValue: new JwtSecret(config.jwtSecret ?? (await folder.jwtSecret())) },
    ]),
    workFolder: folder.workFolder,
    controlFolder: folder.path,
    broken: firstError([events.ended, documents.ended]),
    async close() {
      await events.close();
      await documents.close();
      folder.close();
    },
  };
}

/** A database thread that was closed ends without one. */
function firstError(ends: readonly Promise<Error | null>[]): Promise<Error> {
  return new Promise((resolve) => {
    for (const end of ends) void end.then((error) => error !== null && resolve(error));
  });
}

function openBus({ events, documents }: Stores, clock: Clock, metrics: Metrics, log: Log): Bus {
  const parked = metrics.counter('mixdown_dead_letters_total', 'Messages that were parked', ['topic']);
  return new InProcessBus({
    clock,
    logs: {
      topics: { [topics.events]: eventLogTopic(events, categories) },
      checkpoints: new BusCheckpoints(documents),
    },
    onDeadLetter: ({ topic, type, id, key }, reason) => {
      parked.inc({ topic });
      log.error({ topic, type, id, key, reason }, 'a message was parked');
    },
  });
}

/** How often each thing goes wrong under an adverse platform. */
const share = 0.1;

function adverse(
  seed: number,
  stores: Stores,
  clock: Clock,
  open: (stores: Stores) => Bus,
): Stores & { readonly bus: Bus } {
  const chance = new Chance(seed);
  const events = new AdverseEventStore(stores.events, chance, share);
  const documents = new AdverseDocuments(stores.documents, chance, share, clock);
  const droppable = [topics.encoderTasks, topics.conversionInbox, topics.progress];
  return { events, documents, bus: new AdverseBus(open({ events, documents }), chance, { droppable, share }, clock) };
}
