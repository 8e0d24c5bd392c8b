import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MixdownClient } from './client.ts';
import { type Asked, FakeServer, noPause, problem } from './fake-server.contract.ts';

const bytes = randomBytes(300_000);
const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
let server: FakeServer;
let client: MixdownClient;

beforeEach(async () => {
  server = await FakeServer.start();
  client = new MixdownClient(server.url, noPause());
});
afterEach(() => server[Symbol.asyncDispose]());

/** Sends what is asked for; of it, only `until` bytes before the connection is lost. */
function send(file = bytes, until = Number.POSITIVE_INFINITY) {
  return (response: ServerResponse, { headers }: Asked) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const part = file.subarray(Number(from), to === '' ? file.length : Number(to) + 1);
    const status = headers.range === undefined ? 200 : 206;
    response.writeHead(status, { etag, 'content-length': part.length });
    if (until >= part.length) response.end(part);
    else response.write(part.subarray(0, until), () => setImmediate(() => response.destroy()));
  };
}

async function received(range?: { from: number; to?: number }): Promise<Buffer> {
  const { chunks } = await client.download('c1', range === undefined ? {} : { range });
  return Buffer.concat(await Array.fromAsync(chunks));
}

describe('a download', () => {
  it('goes on where it was, as often as the connection is lost', async () => {
    server.answers = [send(bytes, 100_000), send(bytes, 100_000), problem(503, 'busy', { 'retry-after': '1' }), send()];
    expect(await received()).toEqual(bytes);
    const [first, second] = server.asked.map(({ headers }) => headers);
    expect(first?.range).toBeUndefined();
    expect(second).toMatchObject({ 'if-range': etag });
    const from = Number(/^bytes=(\d+)-299999$/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(100_000);
  });

  it('of a part is that part', async () => {
    server.answers = [send(bytes, 50), send()];
    expect(await received({ from: 1_000, to: 2_000 })).toEqual(bytes.subarray(1_000, 2_000));
  });

  it('fails when the bytes are not those that were recorded', async () => {
    const damaged = Buffer.from(bytes);
    damaged[200_000] = (damaged[200_000] ?? 0) ^ 1;
    server.answers = [send(damaged)];
    await expect(received()).rejects.toMatchObject({ code: 'download-damaged' });
  });

  it('fails when the file is another one after a lost connection', async () => {
    server.answers = [send(bytes, 1_000), (response) => response.writeHead(200, { etag: '"other"' }).end('other')];
    await expect(received()).rejects.toThrow('changed');
  });

  it('gives up a server that never gets on', async () => {
    server.answers = [send(bytes, 0)];
    await expect(received()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(server.asked.length).toBeLessThan(20);
  });

  it('says why there is nothing to download', async () => {
    server.answers = [problem(409, 'not-ready')];
    await expect(client.download('c1')).rejects.toMatchObject({ code: 'not-ready', detail: 'the detail of not-ready' });
  });

  it('ends when it is told to', async () => {
    server.answers = [send(bytes, 1_000)];
    const abort = new AbortController();
    const { chunks } = await client.download('c1', abort);
    const reading = Array.fromAsync(chunks);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
