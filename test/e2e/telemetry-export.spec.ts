import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { Collector } from '../support/collector.ts';
import { System, temporaryFolder } from '../support/system.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

/** A platform that misbehaves logs errors of its own. */
function start(name: string, environment: Readonly<Record<string, string>>): Promise<System> {
  return System.start(join(folder.path, name), { ADVERSE_SEED: '', ...environment });
}

async function convert(system: System): Promise<void> {
  const client = await Client.register(system.url);
  const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 2 }), 'mp3');
  expect(await client.end(upload.conversion?.id ?? 'none')).toMatchObject({ status: 'completed' });
}

/** Of Prometheus' text: each metric with its type and the labels of its series. */
function readMetrics(text: string): ReadonlyMap<string, { readonly type: string; readonly labels: readonly string[] }> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Map(
    types.map(([, name = '', type = '']) => {
      const series = [...text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm'))];
      const labels = series.flatMap(([, list = '']) => [...list.matchAll(/(\w+)="/g)].map(([, label = '']) => label));
      return [name, { type, labels: [...new Set(labels)].filter((label) => label !== 'le').sort() }] as const;
    }),
  );
}

describe('the figures of /metrics', () => {
  let collector: Collector;
  let system: System;
  let text: string;

  beforeAll(async () => {
    collector = await Collector.start();
    system = await start('metrics', collector.environment);
    await convert(system);
    text = await (await fetch(`${system.url}/metrics`)).text();
  });

  afterAll(async () => {
    await system.stop();
    await collector.close();
  });

  it('go out by OTLP, all of them, as what they are', async () => {
    const kinds = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' } as const;
    const exposed = readMetrics(text);
    await collector.until(() => (collector.metrics.size >= exposed.size ? true : undefined));
    const names = [...collector.metrics.values()].map(({ name, kind }) => `${name} ${kind}`);
    const expected = [...exposed].map(([name, { type }]) => `${name} ${kinds[type as keyof typeof kinds]}`);
    expect(names.sort()).toEqual(expected.sort());
  });

  it('have the same values there', async () => {
    const accepted = await collector.until(() =>
      collector.metrics.get('mixdown_uploads_accepted_total')?.points.find(({ asDouble }) => asDouble === 1),
    );
    expect(accepted.attributes).toEqual([]);
    const took = await collector.until(() =>
      collector.metrics
        .get('mixdown_http_request_duration_seconds')
        ?.points.find(({ attributes }) => attributes.some(({ value }) => value.stringValue === '/v1/uploads')),
    );
    expect(took.count).toBe(1);
    expect(took.bucketCounts?.reduce((sum, count) => sum + Number(count), 0)).toBe(1);
    expect(took.sum).toBeGreaterThan(0);
    expect(collector.metrics.get('mixdown_http_request_duration_seconds')?.unit).toBe('s');
  });

  it('are those that docs/observability.md tells of, with their labels', async () => {
    const page = await readFile(new URL('../../docs/observability.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(mixdown_\w+|nodejs_\w+|process_\w+)` +\| (\w+) +\| (.*?) +\|/gm)];
    const told = rows.map(([, name, type, labels = '']) => ({
      name,
      type,
      labels: labels.replaceAll(/[`,]/g, '').trim(),
    }));
    const exposed = readMetrics(text);
    expect(told.map(({ name, type }) => `${name} ${type}`).sort()).toEqual(
      [...exposed].map(([name, { type }]) => `${name} ${type}`).sort(),
    );
    for (const { name = '', labels } of told) {
      const used = exposed.get(name)?.labels ?? [];
      expect(labels.split(/\s+/), name).toEqual(expect.arrayContaining([...used]));
    }
  });
});

describe('without a collector', () => {
  it('nothing is exported when nobody asks, and the log has its ids all the same', async () => {
    await using collector = await Collector.start();
    const system = await start('unasked', { OTEL_SERVICE_NAME: 'x' });
    await convert(system);
    expect(system.log.find(({ msg }) => msg === 'request')?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(await system.stop()).toBe(0);
    expect(collector.spans).toEqual([]);
  });

  it('a value that means nothing stops the start, in a sentence', async () => {
    const started = start('wrong', { OTEL_TRACES_EXPORTER: 'jaeger' });
    await expect(started).rejects.toThrow(/OTEL_TRACES_EXPORTER .*cannot be "jaeger"/);
  });
});

describe('a collector that is away', () => {
  it.each(['refuses', 'accepts and never answers'])('keeps nobody waiting: it %s', async (how) => {
    await using away = await unhelpfulServer(how === 'refuses');
    const grace = 15;
    const system = await start(how, {
      OTEL_EXPORTER_OTLP_ENDPOINT: away.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      SHUTDOWN_GRACE_SECONDS: String(grace),
    });
    await convert(system);
    const asked = performance.now();
    expect(await system.stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(grace * 1_000);
    const complaints = system.log.filter(({ msg }) => msg?.includes('could not be exported'));
    expect(complaints.length).toBeLessThanOrEqual(1);
    expect(system.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** On loopback: a port where nobody listens, or one where whoever does says nothing. */
async function unhelpfulServer(isClosed: boolean): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  if (isClosed) await close();
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}
