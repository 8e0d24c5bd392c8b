import { Body, Controller, Get, Headers, Ip, NotFoundException, Param, Post, UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { StorageFull } from '#contracts';
import { DependencyUnavailable } from '#messaging';
import { currentTraceparent } from '#telemetry';
import { TokenGuard } from '../auth/token.guard.ts';
import { EdgeUnderTest } from './under-test.contract.ts';

const Order = z.strictObject({ name: z.string(), 'a/b~c': z.number().optional() });
const errors = {
  away: () => new DependencyUnavailable('the store at 10.0.0.7'),
  full: () => new StorageFull({ cause: new Error('ENOSPC: no room on /var/secret') }),
  bug: () => new TypeError('x.y is not a function'),
} as const;

@Controller('things')
class Things {
  @Post()
  add(@Body({ schema: Order }) order: z.infer<typeof Order>) {
    return order;
  }

  @Get('trace')
  trace() {
    return { traceparent: currentTraceparent() };
  }

  @Get('address')
  address(@Ip() address: string) {
    return { address };
  }

  @Get('fail/:how')
  fail(@Param('how') how: keyof typeof errors) {
    throw errors[how]();
  }

  @Get('private')
  @UseGuards(TokenGuard)
  secret(@Headers('x-nothing') _nothing: string | undefined) {
    throw new NotFoundException();
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }
}

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await EdgeUnderTest.start([Things], {
    CORS_ORIGINS: 'https://page.example',
    PUBLIC_URL: 'https://mixdown.example/',
    TRUST_PROXY: '1',
  });
});
afterAll(() => edge.stop());

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${edge.url}${path}`, init);
  const body = await response.text();
  return { response, body, json: () => JSON.parse(body) };
}
const order = (body: unknown) =>
  ask('/things', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('a body that does not fit its schema', () => {
  it.each([
    [{}, ['/name']],
    [{ name: 1 }, ['/name']],
    [{ name: 'x', 'a/b~c': 'x' }, ['/a~1b~0c']],
    [{ name: 'x', more: 1, evenMore: 2 }, ['/more', '/evenMore']],
    [[], ['']],
  ])('%j is wrong at %j', async (body, pointers) => {
    const { response, json } = await order(body);
    expect(response.status).toBe(400);
    expect(json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });
  it('gets a small answer, however much is wrong with it', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field ${index}`, 1]));
    expect((await order(many)).body.length).toBeLessThan(10_000);
    expect((await order({ ['x'.repeat(90_000)]: 1 })).body.length).toBeLessThan(10_000);
  });
});

describe('what fails inside', () => {
  it.each([
    ['away', 503, 'dependency-unavailable', '5'],
    ['full', 507, 'storage-full', null],
    ['bug', 500, 'internal', null],
  ])('%s: %i %s', async (how, status, code, retryAfter) => {
    const { response, body, json } = await ask(`/things/fail/${how}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(json()).toMatchObject({ type: `/problems/${code}`, code, status });
    expect(body).not.toMatch(/10\.0\.0\.7|var\/secret|not a function|\.ts:\d|ENOSPC/);
    const line = edge.log.findLast(({ msg }) => msg === 'a request failed');
    expect(line).toMatchObject({ level: 'error', trace_id: json().traceId });
  });
});

describe('addresses and methods', () => {
  it.each([
    ['GET', '/nothing', 404, 'not-found', null],
    ['DELETE', '/things', 405, 'method-not-allowed', 'POST'],
    ['PATCH', '/things/1', 405, 'method-not-allowed', 'GET'],
    ['GET', '/things/%ff', 400, 'invalid-request', null],
    ['GET', '/things/private', 401, 'unauthenticated', null],
  ])('%s %s: %i %s', async (method, path, status, code, allow) => {
    const { response, json } = await ask(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
    expect(json()).toMatchObject({ code });
  });
});

describe('the trace of a request', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  it('goes on from the client’s', async () => {
    const { json } = await ask('/things/trace', { headers: { traceparent } });
    expect(json().traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  });
  it('is named in its problems', async () => {
    expect((await ask('/nothing', { headers: { traceparent } })).json().traceId).toBe(traceparent.slice(3, 35));
  });
  it('begins anew where the client’s is broken', async () => {
    const { json } = await ask('/things/trace', { headers: { traceparent: 'ff-no' } });
    expect(json().traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('the log and the figures', () => {
  it('have a request by its route, never by its address or query', async () => {
    await ask('/things/one-of-many?token=c2VjcmV0');
    const line = await vi.waitUntil(() => edge.log.findLast(({ path }) => path === '/things/one-of-many'));
    expect(line).toMatchObject({ level: 'info', msg: 'request', method: 'GET', route: '/things/:id', status: 200 });
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
    const { body } = await ask('/metrics');
    expect(body).toMatch(
      /mixdown_http_requests_total\{service="none",method="GET",route="\/things\/:id",status="200"\} \d/,
    );
    expect(body).not.toContain('one-of-many');
    expect(JSON.stringify(edge.log)).not.toContain('c2VjcmV0');
  });
  it('are quiet about probes', async () => {
    await ask('/health/live');
    expect(await vi.waitUntil(() => edge.log.findLast(({ path }) => path === '/health/live'))).toMatchObject({
      level: 'debug',
    });
  });
});

it('takes the client’s address from as many proxies as there are, whatever the client says', async () => {
  const { json } = await ask('/things/address', { headers: { 'x-forwarded-for': '1.2.3.4, 192.0.2.7' } });
  expect(json().address).toBe('192.0.2.7');
});

it('answers pages of other origins only when they are configured', async () => {
  const allowed = async (origin: string) =>
    (await ask('/things/1', { headers: { origin } })).response.headers.get('access-control-allow-origin');
  expect(await allowed('https://page.example')).toBe('https://page.example');
  expect(await allowed('https://evil.example')).toBeNull();
});

it('has a page and a document for every problem that it names', async () => {
  const { json } = await ask('/problems', { headers: { accept: 'application/json' } });
  expect(Object.keys(json())).toContain('headers-too-large');
  const page = await ask('/problems/not-found', { headers: { accept: 'text/html' } });
  expect(page.response.headers.get('content-type')).toContain('text/html');
  expect((await ask('/problems/__proto__')).response.status).toBe(404);
});
