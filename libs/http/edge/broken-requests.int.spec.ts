import { once } from 'node:events';
import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EdgeUnderTest } from './under-test.contract.ts';

const asked = Promise.withResolvers<Response>();

@Controller()
class Endless {
  @Get('slow')
  slow(@Res() response: Response) {
    response.setHeader('Content-Length', 4);
    asked.resolve(response);
  }

  @Get('endless')
  endless(@Res() response: Response) {
    response.write('begun');
  }
}

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await EdgeUnderTest.start([Endless]);
});
afterAll(() => edge.stop());

const get = 'GET /health/live HTTP/1.1';

describe('what is not HTTP gets a problem, and the connection is closed', () => {
  it.each([
    ['another protocol', ['EHLO example.org', ''], 400, 'invalid-request'],
    ['another version', ['GET / HTTP/9.9', 'Host: x', '', ''], 400, 'invalid-request'],
    ['a header without a name', [get, 'Host: x', ': value', '', ''], 400, 'invalid-request'],
    ['headers of 20 KiB', [get, 'Host: x', `X: ${'x'.repeat(20_480)}`, '', ''], 431, 'headers-too-large'],
    [
      'two lengths',
      ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2', '', 'x'],
      400,
      'invalid-request',
    ],
    [
      'a length and chunks',
      ['POST /login HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', '0', '', ''],
      400,
      'invalid-request',
    ],
  ])('%s', async (_what, lines, status, code) => {
    const answer = await edge.send(lines);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body)).toMatchObject({ type: `/problems/${code}`, status });
  });

  it('after a good request on the same connection, too', async () => {
    const answer = await edge.send([get, 'Host: x', '', 'nonsense', '', '']);
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer).toContain('HTTP/1.1 400');
  });

  it('after the answer to a good request that takes its time, once, however much nonsense comes', async () => {
    const socket = await edge.connect();
    const answer = text(socket);
    socket.write([get.replace('health/live', 'slow'), 'Host: x', '', ''].join('\r\n'));
    const slow = await asked.promise;
    const listeners: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      socket.write('nonsense\r\n');
      await once(edge.app.getHttpServer(), 'clientError');
      listeners.push(slow.listenerCount('finish'));
    }
    expect(new Set(listeners).size).toBe(1);
    slow.end('good');
    expect((await answer).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('but not in the middle of an answer, where it would be taken for a part of it', async () => {
    const socket = await edge.connect();
    socket.write(['GET /endless HTTP/1.1', 'Host: x', '', ''].join('\r\n'));
    const [begun] = (await once(socket, 'data')) as [Buffer];
    expect(begun.toString()).toContain('begun');
    socket.write('nonsense\r\n');
    expect(await text(socket)).not.toContain('HTTP/1.1 400');
  });

  it('when its headers do not come to an end, within a second of their time', async () => {
    const server: Server = edge.app.getHttpServer();
    const { headersTimeout } = server;
    server.headersTimeout = 20;
    const begun = performance.now();
    const answer = await edge.send([get, 'Host']);
    server.headersTimeout = headersTimeout;
    expect(answer).toMatch(/^HTTP\/1\.1 408[\s\S]*upload-too-slow/);
    expect(headersTimeout).toBe(15_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
