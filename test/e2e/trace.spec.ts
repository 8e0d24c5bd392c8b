import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disguises, fileOf, makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { Collector } from '../support/collector.ts';
import type { CollectedSpan } from '../support/otlp.ts';
import { System, temporaryFolder } from '../support/system.ts';
import { Trace } from '../support/trace.ts';

let collector: Collector;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let system: System;
let client: Client;

/** A platform that misbehaves does and says things twice: what is told of here is what a well-behaved one does. */
function start(dataFolder: string, more: Readonly<Record<string, string>> = {}): Promise<System> {
  return System.start(dataFolder, { ...collector.environment, ADVERSE_SEED: '', ENCODER_CONCURRENCY: '1', ...more });
}

beforeAll(async () => {
  collector = await Collector.start();
  folder = await temporaryFolder();
  system = await start(join(folder.path, 'data'));
  client = await Client.register(system.url);
});

afterAll(async () => {
  await system.stop();
  await collector.close();
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

/** The span of the whole conversion, which comes with its end. */
function end(conversionId: string): Promise<CollectedSpan> {
  return collector.span('conversion', ({ attributes }) => attributes['mixdown.conversion.id'] === conversionId);
}

/** The whole trace: its spans come in any order, so every one that is referred to is waited for. */
async function wholeTrace(id: string, ...names: readonly string[]): Promise<Trace> {
  return collector.until(() => {
    const trace = new Trace(collector.spans, id);
    const isWhole = trace.roots.length === 1 && names.every((name) => trace.named(name).length > 0);
    return isWhole ? trace : undefined;
  });
}

describe('the trace of a conversion', () => {
  const last = 'process mixdown.encoder.stop-tasks';
  let conversionId: string;
  let trace: Trace;

  beforeAll(async () => {
    const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 5 }), 'mp3');
    conversionId = upload.conversion?.id ?? 'none';
    const { traceId } = await end(conversionId);
    trace = await wholeTrace(traceId, last, 'process mixdown.conversion.completed.v1', 'POST /v1/uploads');
  });

  it('begins with the request, and has nothing in it but what a person looks for', () => {
    expect(trace.roots.map(({ name }) => name)).toEqual(['POST /v1/uploads']);
    expect([...new Set(trace.spans.map(({ name, kind }) => `${kind} ${name}`))].sort()).toEqual([
      ...['client append conversion', 'client append upload', 'client ffmpeg', 'client ffprobe'],
      ...['completed', 'requested', 'segment-encoded', 'source-inspected', 'started'].map(
        (type) => `consumer process mixdown.conversion.${type}.v1`,
      ),
      'consumer process mixdown.conversion.task-report',
      'consumer process mixdown.encoder.offer-task',
      'consumer process mixdown.encoder.stop-tasks',
      'consumer process mixdown.upload.completed.v1',
      ...['conversion', 'encode', 'inspect', 'join', 'wait for encoder', 'write blob'].map(
        (name) => `internal ${name}`,
      ),
      'producer send mixdown.conversion.task-report',
      'producer send mixdown.encoder.offer-task',
      'producer send mixdown.encoder.stop-tasks',
      'server POST /v1/uploads',
    ]);
    expect(trace.spans.filter(({ status }) => status.code === 2)).toEqual([]);
  });

  it('says of the request what the conventions want, and which upload and conversion it made', () => {
    expect(trace.only('POST /v1/uploads')).toMatchObject({
      kind: 'server',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/uploads',
        'http.response.status_code': 201,
        'url.path': '/v1/uploads',
        'url.scheme': 'http',
        'user_agent.original': 'node',
        'mixdown.conversion.id': conversionId,
        'mixdown.upload.id': expect.any(String),
        'mixdown.upload.wait_seconds': expect.any(Number),
      },
    });
    expect(trace.below(trace.only('POST /v1/uploads')).map(({ name }) => name)).toEqual([
      'write blob',
      'append upload',
      'process mixdown.upload.completed.v1',
    ]);
  });

  it('has the tasks beside each other, each after its wait', () => {
    const begin = trace.only('process mixdown.upload.completed.v1');
    const tasks = ['inspect', 'encode', 'join'].map((kind) => trace.only(kind));
    const waits = trace.named('wait for encoder');
    expect(waits.map(({ attributes }) => attributes['mixdown.task.kind'])).toEqual(['inspect', 'encode', 'join']);
    for (const [index, task] of tasks.entries()) {
      const wait = waits[index];
      expect([task.parentId, wait?.parentId]).toEqual([begin.id, begin.id]);
      expect(wait?.attributes['mixdown.task.id']).toBe(task.attributes['mixdown.task.id']);
      expect(wait?.end).toBeLessThanOrEqual(task.start + 1);
      expect(task.start).toBeGreaterThanOrEqual(tasks[index - 1]?.start ?? begin.start);
    }
  });

  it('says of a task what it was about', () => {
    const known = {
      'mixdown.conversion.id': conversionId,
      'mixdown.task.try': 1,
      'mixdown.engine': expect.stringContaining('ffmpeg'),
      'mixdown.input.bytes': expect.any(Number),
      'mixdown.output.bytes': expect.any(Number),
    };
    const source = { 'mixdown.media.container': 'mov', 'mixdown.media.codec': 'aac', 'mixdown.media.seconds': 5 };
    expect(trace.only('inspect').attributes).toMatchObject({ ...known, ...source, 'mixdown.task.kind': 'inspect' });
    expect(trace.only('encode').attributes).toMatchObject({ ...known, ...source, 'mixdown.task.kind': 'encode' });
    expect(trace.only('join').attributes).toMatchObject({ ...known, 'mixdown.task.kind': 'join' });
  });

  it.each([
    ['inspect', ['ffprobe', 'ffmpeg', 'write blob']],
    ['encode', ['ffmpeg', 'write blob']],
  ])('has every run of a program below its task: %s', (kind, names) => {
    const below = trace.below(trace.only(kind)).filter(({ name }) => !name.startsWith('send'));
    expect(below.map(({ name }) => name)).toEqual(names);
    const [run, blob] = below.slice(-2);
    for (const { attributes } of below.slice(0, -1)) {
      expect(attributes).toMatchObject({ 'process.exit.code': 0, 'mixdown.run.end': 'exited' });
    }
    expect(run?.attributes).toMatchObject({ 'process.exit.code': 0, 'mixdown.conversion.id': conversionId });
    expect(run?.attributes['mixdown.media.seconds']).toBeCloseTo(5, 0);
    expect(blob?.attributes['mixdown.blob.bytes']).toBe(trace.only(kind).attributes['mixdown.output.bytes']);
  });

  it('follows each message from who sends it to who handles it', () => {
    const sent = trace.spans.filter(({ kind }) => kind === 'producer');
    for (const { id, attributes, name } of sent) {
      const handled = trace.spans.find(({ parentId, kind }) => parentId === id && kind === 'consumer');
      expect(handled?.name).toBe(name.replace('send', 'process'));
      expect(attributes).toMatchObject({ 'messaging.system': 'in_process', 'messaging.operation.name': 'send' });
      expect(handled?.attributes).toMatchObject({
        'messaging.operation.type': 'process',
        'messaging.destination.name': attributes['messaging.destination.name'],
        'messaging.message.id': attributes['messaging.message.id'],
        'messaging.consumer.group.name': expect.any(String),
        'mixdown.conversion.id': conversionId,
      });
    }
  });

  it('has every append, in order', () => {
    const appends = trace.named('append conversion').toSorted((a, b) => a.start - b.start);
    expect(appends.map(({ attributes }) => attributes['mixdown.event.types'])).toEqual(
      ['ConversionRequested', 'ConversionStarted', 'SourceInspected', 'SegmentEncoded', 'ConversionCompleted'].map(
        (type) => [type],
      ),
    );
    expect(appends.map(({ attributes }) => attributes['mixdown.stream.revision'])).toEqual([0, 1, 2, 3, 4]);
    expect(appends[0]?.attributes).toMatchObject({ 'db.system.name': 'sqlite', 'db.collection.name': 'conversion' });
  });

  it('has one span for the whole, from the request to the end', () => {
    const whole = trace.only('conversion');
    expect(trace.path(whole)).toEqual(['POST /v1/uploads', 'process mixdown.upload.completed.v1', 'conversion']);
    expect(whole.attributes).toMatchObject({ 'mixdown.conversion.status': 'completed', 'mixdown.priority': 'normal' });
    expect(whole.start).toBeLessThanOrEqual(trace.only('inspect').start);
    expect(whole.end).toBeGreaterThanOrEqual(trace.only('encode').end);
  });

  it.each(['/v1/outputs/ID', '/download?fid=ID'])('is linked to from the download: %s', async (address) => {
    expect((await client.fetch(address.replace('ID', conversionId))).status).toBe(200);
    const name = address.startsWith('/v1') ? 'GET /v1/outputs/:conversionId' : 'GET /download';
    const download = await collector.span(name);
    expect(download.traceId).not.toBe(trace.id);
    expect(download.links).toEqual([{ traceId: trace.id, spanId: expect.any(String) }]);
    expect(download.attributes['mixdown.conversion.id']).toBe(conversionId);
    expect(download.attributes['url.path']).toBe(address.replace('ID', conversionId).replace(/\?.*/, ''));
    const verified = await collector.span('verify blob', ({ parentId }) => parentId === download.id);
    expect(verified.traceId).toBe(download.traceId);
  });

  it('is the one that the log names', () => {
    const line = system.log.find(({ trace_id }) => trace_id === trace.id);
    expect(line).toMatchObject({ msg: 'request', route: '/v1/uploads' });
  });

  it('is not made by who looks whether the service is well', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/v1/presets']) await client.fetch(path);
    await collector.span('GET /v1/presets');
    expect(collector.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });
});

describe('a request that names a trace of its own', () => {
  it.each(['00', '01'])('belongs to that, and is recorded as ours are, though it says %s', async (flags) => {
    const traceId = `0af7651916cd43dd8448eb211c8031${flags}`;
    await client.fetch('/v1/presets', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` } });
    const span = await collector.span('GET /v1/presets', (one) => one.traceId === traceId);
    expect(span.parentId).toBe('b7ad6b7169203331');
  });
});

const patience = { timeout: 30_000 };

describe('a conversion that does not succeed', () => {
  it('has the code and the reason where it failed, and on the whole', async () => {
    const text = Object.values(disguises)[0]?.('/dev/null') ?? '';
    const upload = await client.upload(await fileOf('video.mp4', text), 'mp3');
    const whole = await end(upload.conversion?.id ?? 'none');
    expect(whole).toMatchObject({ status: { code: 2, message: 'not-media' } });
    const failed = await collector.span('inspect', ({ traceId }) => traceId === whole.traceId);
    expect(failed).toMatchObject({ status: { code: 2, message: 'not-media' } });
    expect(failed.attributes).toMatchObject({ 'error.type': 'not-media', 'mixdown.task.retryable': false });
    expect(failed.exceptions).toMatchObject([{ 'exception.type': 'not-media', 'exception.message': /./ }]);
  });

  it('is stopped when it is cancelled, and linked with who did it', async () => {
    const upload = await client.upload(await makeMedia('mov-pcm', { seconds: 240 }));
    const id = await client.convert(upload.id);
    for await (const { type } of client.follow(id)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    // It tells of its progress, so the encoder runs, and will for seconds.
    await expect.poll(async () => (await client.status(id)).phases.encode.percent, patience).toBeGreaterThan(0);
    await client.postJson(`/v1/conversions/${id}/cancel`, {});
    const cancel = await collector.span('POST /v1/conversions/:id/cancel');
    const whole = await end(id);
    expect(whole).toMatchObject({ status: { code: 2, message: 'cancelled' }, links: [{ traceId: cancel.traceId }] });
    expect(cancel.links).toMatchObject([{ traceId: whole.traceId }]);
    expect(cancel.status.code).not.toBe(2);
    const stopped = await collector.span('encode', ({ traceId }) => traceId === whole.traceId);
    expect(stopped).toMatchObject({ status: { code: 2, message: 'task-stopped' } });
    const run = await collector.span('ffmpeg', ({ parentId }) => parentId === stopped.id);
    expect(run).toMatchObject({ status: { code: 2, message: 'aborted' } });
  });
});

describe('a process that is killed while it converts', () => {
  it('leaves a trace that its successor goes on with', async () => {
    const data = join(folder.path, 'killed');
    const first = await start(data, { CRASH_AT: 'encoder.result-stored:1' });
    const user = await Client.register(first.url);
    const upload = await user.upload(await makeMedia('mov-pcm', { seconds: 60 }), 'mp3');
    await first.ended();
    const second = await start(data);
    const whole = await end(upload.conversion?.id ?? 'none');
    const ofProcess = ({ pid }: System, name: string) =>
      collector.span(name, (span) => span.traceId === whole.traceId && span.resource['process.pid'] === pid);
    const begun = await ofProcess(first, 'inspect');
    for (const name of ['wake conversion', 'join']) {
      expect((await ofProcess(second, name)).parentId).toBe(begun.parentId);
    }
    expect(whole.resource['process.pid']).toBe(second.pid);
    expect(whole.attributes['mixdown.conversion.status']).toBe('completed');
    const sweep = await collector.span('sweep unfinished conversions');
    expect(sweep.traceId).not.toBe(whole.traceId);
    expect(sweep.links.map(({ traceId }) => traceId)).toContain(whole.traceId);
    expect(await second.stop()).toBe(0);
    expect(new Trace(collector.spans, whole.traceId).named('conversion')).toHaveLength(1);
  });
});
