import { gzipSync } from 'node:zlib';
import { Body, Controller, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EdgeUnderTest } from './under-test.contract.ts';

@Controller()
class Echo {
  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }

  @Post('v1/uploads')
  upload(@Body() body: unknown) {
    return { body };
  }
}

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await EdgeUnderTest.start([Echo]);
});
afterAll(() => edge.stop());

const json = 'Content-Type: application/json';
const post = (headers: readonly string[], ...body: string[]) =>
  edge.send(['POST /echo HTTP/1.1', 'Host: x', ...headers, '', ...body]);
const ask = async (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>) =>
  fetch(`${edge.url}/echo`, { method: 'POST', body, headers });

describe('a client that waits to be asked for its body', () => {
  const expecting = [json, 'Content-Length: 7', 'Expect: 100-continue', 'Connection: close'];
  it('is asked for it', async () => {
    expect(await post(expecting, '{"a":1}')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201/);
  });
  it('is not asked for what would not be taken', async () => {
    const answer = await post(['Content-Type: text/plain', ...expecting.slice(1)], '');
    expect(answer).toMatch(/^HTTP\/1\.1 415/);
  });
});

it('leaves bodies of uploads to the upload service', async () => {
  const answer = await fetch(`${edge.url}/v1/uploads`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await answer.json()).toEqual({});
});

it('refuses a body that is nested too deep', async () => {
  const answer = await ask('['.repeat(33) + ']'.repeat(33), { 'content-type': 'application/json' });
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid-request' }]);
});

describe('a JSON body that is too large', () => {
  it('is refused by its length, before any of it is sent', async () => {
    const answer = await post([json, 'Content-Length: 1000000', 'Expect: 100-continue'], '');
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).not.toContain('100 Continue');
  });
  it('is refused as soon as more has come, though it has not ended', async () => {
    const chunk = ['19000', 'x'.repeat(0x1_9000)].join('\r\n');
    const answer = await post([json, 'Transfer-Encoding: chunked'], chunk, '1', 'x');
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
  });
  it('is refused when it is so only after decompression', async () => {
    const bomb = gzipSync(JSON.stringify('x'.repeat(5_000_000)));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await ask(bomb, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'upload-too-large' }]);
  });
});

describe('a JSON body in another form', () => {
  it.each([
    ['in UTF-16, where strings could hide its depth', 'application/json; charset=utf-16le', {}, 415],
    ['in an encoding that does not exist', 'application/json; charset=utf-99', {}, 415],
    ['compressed in an unknown way', 'application/json', { 'content-encoding': 'rar' }, 415],
    ['as a form', 'application/x-www-form-urlencoded', {}, 415],
    ['in UTF-8 by name', 'application/json; charset="UTF-8"', {}, 201],
  ])('%s', async (_what, type, headers, status) => {
    const answer = await ask('{"a":1}', { 'content-type': type, ...headers });
    expect(answer.status).toBe(status);
  });
  it('without a type', async () =>
    expect(await post(['Content-Length: 2', 'Connection: close'], '{}')).toContain('415'));
});

it('takes a key of any name as that key, and nothing more', async () => {
  const answer = await ask('{"__proto__":{"admin":true},"a":1}', { 'content-type': 'application/json' });
  expect(await answer.text()).toContain('"a":1');
  expect({}).not.toHaveProperty('admin');
});
