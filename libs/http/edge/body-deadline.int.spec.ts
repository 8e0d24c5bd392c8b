import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import express, { type Request, type Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyDeadline } from './body-deadline.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function listen(milliseconds: number, lingerMilliseconds: number, handle = answer): Promise<number> {
  const app = express();
  app.use(bodyDeadline({ milliseconds, lingerMilliseconds }), handle);
  server = createServer(app).listen(0, '127.0.0.1');
  // Node’s own end of a quiet connection, which a client that sends a byte now and then never meets.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
function answer(_request: Request, response: Response) {
  response.send('refused');
}
/** What comes back until the server closes the connection, which it has to do by itself. */
async function send(port: number, path: string, ...body: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write([`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Length: 1000000', '', ...body].join('\r\n'));
  return text(socket);
}

const hour = 3_600_000;

describe('a body', () => {
  it('that nobody reads and that does not end is cut off after the answer', async () => {
    expect(await send(await listen(hour, 20), '/x', 'some')).toMatch(/^HTTP\/1\.1 200[\s\S]*refused$/);
  });
  it('that is not there in time gets a problem', async () => {
    const read = (request: Request) => void request.resume();
    expect(await send(await listen(20, hour, read), '/x', 'some')).toMatch(/^HTTP\/1\.1 408[\s\S]*upload-too-slow/);
  });
  it('that is not there in time, and whose answer has begun, is cut off', async () => {
    const begin = (_request: Request, response: Response) => void response.write('begun');
    expect(await send(await listen(20, hour, begin), '/x', 'some')).toMatch(/begun/);
  });
  it('that is small and complete leaves its connection open for the next request', async () => {
    const port = await listen(20, 20, answerOrWait);
    const socket = connect(port, '127.0.0.1');
    const request = ['POST /x HTTP/1.1', 'Host: x', 'Content-Length: 4', '', 'some'].join('\r\n');
    for (let round = 0; round < 3; round += 1) {
      socket.write(request);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(chunk.toString()).toContain('200 OK');
      // By now the deadline of the request before has passed.
      expect(await send(port, '/wait', 'some')).toContain('408');
    }
    socket.destroy();
  });
  it('of an upload may take its time', async () => {
    const port = await listen(20, 20, answerOrWait);
    const socket = connect(port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.write(['POST /v1/uploads HTTP/1.1', 'Host: x', 'Content-Length: 8', '', 'some'].join('\r\n'));
    await once(server, 'request');
    for (let round = 0; round < 2; round += 1) expect(await send(port, '/wait', 'some')).toContain('408');
    expect(received).toEqual([]);
    expect(socket.readyState).toBe('open');
    socket.destroy();
  });
});

function answerOrWait(request: Request, response: Response) {
  if (request.path === '/x') response.send('refused');
  else request.resume();
}
