import { afterAll, beforeAll, expect, it } from 'vitest';
import { Problem } from '../problems/problem.ts';
import { OpenStreams } from '../responses/open-streams.ts';
import { EdgeUnderTest } from './under-test.contract.ts';
import { Upgrades } from './upgrades.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await EdgeUnderTest.start([]);
  const upgrades = edge.app.get(Upgrades);
  upgrades.route('/taken', async ({ socket }) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\ntaken');
  });
  upgrades.route('/refused', async () => {
    throw new Problem('rate-limited', 'Later.', { retryAfterSeconds: 7 });
  });
  upgrades.route('/broken', async () => {
    throw new Error('secret host');
  });
});
afterAll(() => edge.stop());

const ask = (target: string, protocol = 'websocket') =>
  edge.send([`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', `Upgrade: ${protocol}`, '', '']);

it('brings a request for WebSocket to whoever takes it, with any query', async () => {
  expect(await ask('/taken?x=1')).toMatch(/^HTTP\/1.1 101 .*\r\n\r\ntaken$/);
  expect(await ask('/taken', 'WebSocket')).toMatch(/taken$/);
});

it.each([
  ['an address where nobody takes it', '/elsewhere', 404, 'not-found'],
  ['an address that speaks HTTP only', '/health/live', 404, 'not-found'],
  ['who refuses it', '/refused', 429, 'rate-limited'],
  ['who fails at it', '/broken', 500, 'internal'],
])('answers %s with a problem, and closes', async (_, target, status, code) => {
  const answer = await ask(target);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*`));
  expect(answer).toMatch(/\r\nContent-Type: application\/problem\+json; charset=utf-8\r\n[\s\S]*Connection: close\r\n/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code, traceId: expect.any(String) });
  expect(answer).not.toContain('secret');
});

it('passes headers of the problem on', async () => {
  expect(await ask('/refused')).toContain('\r\nRetry-After: 7\r\n');
});

it('logs the failure, and of every request the path without its query', async () => {
  await ask('/broken');
  await ask('/elsewhere?token=abc');
  const lines = edge.log.map((line) => JSON.stringify(line));
  expect(lines.some((line) => line.includes('an upgrade failed') && line.includes('secret host'))).toBe(true);
  expect(edge.log).toContainEqual(expect.objectContaining({ msg: 'upgrade', path: '/elsewhere', status: 404 }));
  expect(lines.join()).not.toContain('abc');
});

it('takes a wish for another protocol for what it is: a request', async () => {
  const socket = await edge.connect();
  socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n');
  const chunks: Buffer[] = await socket.toArray();
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 200 OK/);
});

it('takes nobody while it closes', async () => {
  edge.app.get(OpenStreams).closeAll();
  expect(await ask('/taken')).toMatch(/^HTTP\/1.1 503 [\s\S]*Retry-After: 1\r\n/);
});
