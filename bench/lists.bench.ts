/** How long a page of the list of conversions takes, with few and with many stored: the two should be the same. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SqliteDocuments } from '#documents/sqlite';
import { type ConversionRow, conversionList } from '../libs/conversion/application/conversion-list.ts';
import { Client, expectOk } from '../test/support/client.ts';
import { System, temporaryFolder } from '../test/support/system.ts';

const few = 100;
const many = 100_000;
const requests = 1_000;
const warmUp = 200;
const most = 1.2;
const pages = { 'the newest 20': '', 'the newest 20 that failed': '?status=failed', 'the newest 100': '?limit=100' };

interface Stored extends AsyncDisposable {
  ask(query: string): Promise<void>;
}

function row(userId: string, index: number): ConversionRow {
  const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
  const times = { createdAt, startedAt: createdAt, finishedAt: createdAt, deadline: createdAt };
  const state = { phase: 'inspect', source: null, output: null, failedTries: 0, isUnfinished: false } as const;
  const ended =
    index % 2 === 0
      ? ({ status: 'failed', error: { code: 'no-audio', detail: '' } } as const)
      : ({ status: 'cancelled', error: null } as const);
  return {
    ...{ userId, uploadId: randomUUID(), priority: 'normal', retryOf: null, revision: 2, requestHash: String(index) },
    ...{ settings: { format: 'mp3', quality: { mode: 'vbr', level: 2 } } },
    ...{ ...times, ...state, ...ended },
  };
}

/** A mixdown with this many conversions of one user in its list: the rows that its projection would have written. */
async function store(count: number): Promise<Stored> {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const first = await System.start(data);
  const client = await Client.register(first.url);
  const { id: userId } = (await (await expectOk(client.fetch('/v1/me'))).json()) as { id: string };
  await first.stop();
  const documents = await SqliteDocuments.open(join(data, 'documents.db'));
  for (let from = 0; from < count; from += 1_000) {
    const indices = Array.from({ length: Math.min(1_000, count - from) }, (_, offset) => from + offset);
    await Promise.all(indices.map((index) => documents.project(conversionList, randomUUID(), 2n, row(userId, index))));
  }
  await documents.close();
  const system = await System.start(data);
  client.url = system.url;
  return {
    async ask(query) {
      await (await expectOk(client.fetch(`/v1/conversions${query}`))).arrayBuffer();
    },
    async [Symbol.asyncDispose]() {
      await system.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Asked in turns, so that whatever else the machine does strikes both. */
async function measure(stores: readonly Stored[], query: string): Promise<readonly number[]> {
  const times = stores.map((): number[] => []);
  for (let request = 0; request < warmUp + requests; request += 1) {
    for (const [index, stored] of stores.entries()) {
      const asked = performance.now();
      await stored.ask(query);
      if (request >= warmUp) times[index]?.push(performance.now() - asked);
    }
  }
  return times.map((each) => each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0);
}

await using little = await store(few);
await using much = await store(many);
for (const [title, query] of Object.entries(pages)) {
  const [withFew = 0, withMany = 0] = await measure([little, much], query);
  const ratio = withMany / withFew;
  console.log(
    `${title}: median ${withFew.toFixed(2)} ms of ${few} stored, ${withMany.toFixed(2)} ms of ${many.toLocaleString('en')}: ` +
      `ratio ${ratio.toFixed(2)}; at most ${most}`,
  );
  if (ratio > most) process.exitCode = 1;
}
