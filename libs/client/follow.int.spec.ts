import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as Socket, WebSocketServer } from 'ws';
import { MixdownClient } from './client.ts';
import type { Live } from './documents.ts';
import { conversion, FakeServer, json, problem } from './fake-server.contract.ts';
import type { Pause } from './pause.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server[Symbol.asyncDispose]());

/** Backs off at once; what waits for silence waits. */
const waitless: Pause = (milliseconds, signal) =>
  milliseconds < 10_000
    ? Promise.resolve()
    : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

const event = (revision: number, what = 'segment-encoded') => {
  const entry = { id: `e${revision}`, type: `mixdown.conversion.${what}.v1`, revision, time: '', data: {} };
  return `id: ${revision}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`;
};
const stream =
  (...parts: readonly string[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end();
  };
const completed = conversion(9, { status: 'completed', progress: 100 });

describe('events', () => {
  it('come each once and in order, over any number of connections', async () => {
    server.answers = [
      stream('retry: 1000\n\n', event(0), event(1).slice(0, 20)),
      (response) => response.destroy(),
      stream(event(1), ':\n\n', event(2)),
      stream(event(2), event(3, 'completed')),
    ];
    const client = new MixdownClient(server.url, { pause: waitless });
    const events = await Array.fromAsync(client.events('c1'));
    expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '0', '0', '2']);
  });

  it('end where nothing follows', async () => {
    server.answers = [(response) => response.writeHead(204).end()];
    const events = new MixdownClient(server.url).events('c1', { after: 4 });
    expect(await Array.fromAsync(events)).toEqual([]);
    expect(server.asked[0]?.headers['last-event-id']).toBe('4');
  });

  it('end with a problem where they are refused, and with the reason where they are given up', async () => {
    server.answers = [problem(404, 'not-found')];
    const client = new MixdownClient(server.url, { pause: waitless });
    await expect(Array.fromAsync(client.events('c1'))).rejects.toMatchObject({ code: 'not-found' });
    server.answers = [(response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event(0))];
    const abort = new AbortController();
    const following = (async () => {
      for await (const _ of new MixdownClient(server.url).events('c1', abort)) abort.abort(new Error('enough'));
    })();
    await expect(following).rejects.toThrow('enough');
  });

  it('give up a server that says nothing, again and again', async () => {
    server.answers = [stream()];
    const events = new MixdownClient(server.url, { pause: waitless }).events('c1');
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'server-unreachable' });
  });
});

describe('following by WebSocket', () => {
  interface Connection {
    readonly protocols: readonly string[];
    readonly subscription: unknown;
  }
  const connections: Connection[] = [];

  /** What each connection does after it has subscribed; the last one again and again. */
  function sockets(...scripts: readonly ((socket: Socket) => void)[]): void {
    connections.length = 0;
    const left = [...scripts];
    const accept = new WebSocketServer({ server: server.server, path: '/v1/live' });
    accept.on('connection', (socket, request) => {
      socket.once('message', (data) => {
        const protocols = String(request.headers['sec-websocket-protocol']).split(', ');
        connections.push({ protocols, subscription: JSON.parse(String(data)) });
        (left.length > 1 ? left.shift() : left[0])?.(socket);
      });
    });
  }
  const tell = (socket: Socket, ...messages: readonly object[]) => {
    for (const message of messages) socket.send(JSON.stringify(message));
  };
  const status = (revision: number) => ({ type: 'conversion', ...conversion(revision) });
  const shown = (live: Live) => (live.type === 'progress' ? `${live.progress}%` : live.conversion.revision);
  const follow = async (after?: number) => {
    const client = new MixdownClient(server.url, { credentials: { accessToken: 'a.b.c' }, pause: waitless });
    return (await Array.fromAsync(client.follow('c1', after === undefined ? {} : { after }))).map(shown);
  };

  it('tells status and progress, and ends with the conversion', async () => {
    sockets((socket) =>
      tell(
        ...([socket, status(0), { type: 'progress', id: 'c1', progress: 30, eta: 4 }] as const),
        ...[{ type: 'news' }, { type: 'conversion', ...completed }],
      ),
    );
    expect(await follow()).toEqual([0, '30%', 9]);
    expect(connections).toEqual([
      { protocols: ['mixdown.v1', 'bearer.a.b.c'], subscription: { subscribe: { conversion: 'c1' } } },
    ]);
  });

  it('comes back after a restart, and neither loses nor repeats anything', async () => {
    sockets(
      (socket) => {
        tell(socket, status(0), status(1));
        socket.close(1012);
      },
      (socket) => {
        tell(socket, status(1), status(2));
        socket.terminate();
      },
      (socket) => {
        tell(socket, status(1), status(2), { type: 'conversion', ...completed });
      },
    );
    expect(await follow()).toEqual([0, 1, 2, 9]);
    expect(connections.map(({ subscription }) => subscription)).toEqual([
      { subscribe: { conversion: 'c1' } },
      { subscribe: { conversion: 'c1', fromRevision: 2 } },
      { subscribe: { conversion: 'c1', fromRevision: 3 } },
    ]);
  });

  it('ends with the problem that it is told', async () => {
    const document = {
      type: '/problems/not-found',
      status: 404,
      code: 'not-found',
      title: 'There is no such thing here',
    };
    sockets((socket) => tell(socket, { type: 'problem', problem: document }));
    await expect(follow()).rejects.toMatchObject({ name: 'MixdownProblem', code: 'not-found' });
  });

  it('ends with a problem when the conversion is deleted', async () => {
    server.answers = [problem(404, 'not-found')];
    sockets((socket) => tell(socket, status(0), { type: 'deleted', id: 'c1', revision: 3 }));
    await expect(follow()).rejects.toMatchObject({ name: 'MixdownProblem', code: 'not-found' });
  });

  it('goes by server-sent events where there is no WebSocket', async () => {
    let asked = 0;
    server.answers = [
      (response, request) => {
        if (request.path.endsWith('/events')) return stream(event(5), event(9, 'completed'))(response);
        if (request.path === '/v1/live') return problem(404, 'not-found')(response, request);
        asked += 1;
        return json(asked === 1 ? conversion(4) : completed)(response, request);
      },
    ];
    expect(await follow(3)).toEqual([4, 9]);
    expect(server.asked.find(({ path }) => path.endsWith('/events'))?.headers['last-event-id']).toBe('3');
  });
});
