import { Controller, Get, UseGuards } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { AccessTokens } from '../auth/access-tokens.ts';
import { TokenGuard } from '../auth/token.guard.ts';
import { EdgeUnderTest } from '../edge/under-test.contract.ts';

@Controller('things')
class Things {
  @Get()
  all() {
    return [];
  }

  @Get('mine')
  @UseGuards(TokenGuard)
  mine() {
    return [];
  }
}

let edge: EdgeUnderTest;
afterEach(() => edge.stop());

async function start(address: number, user: number): Promise<void> {
  edge = await EdgeUnderTest.start([Things], {
    REQUESTS_PER_MINUTE_PER_ADDRESS: String(address),
    REQUESTS_PER_MINUTE_PER_USER: String(user),
    TRUST_PROXY: '1',
  });
}
const ask = (path: string, from: string, user?: string) => {
  const authorization =
    user === undefined ? {} : { authorization: `Bearer ${edge.app.get(AccessTokens).issue(user).token}` };
  return fetch(`${edge.url}${path}`, { headers: { 'x-forwarded-for': from, ...authorization } });
};
const me = '00000000-0000-4000-8000-000000000001';
const you = '00000000-0000-4000-8000-000000000002';
const here = '192.0.2.7';

describe('the limit of an address', () => {
  it('is told in every answer, and ends in 429 for this one alone', async () => {
    await start(3, 0);
    for (const left of [2, 1, 0]) {
      const { status, headers } = await ask('/things', here);
      expect(status).toBe(200);
      expect(headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"address";r=${left};t=(60|59)$`));
    }
    const refused = await ask('/things', here);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    expect(await refused.json()).toMatchObject({ code: 'rate-limited', detail: expect.stringContaining('3 requests') });
    expect((await ask('/things', '192.0.2.8')).status).toBe(200);
  });

  it('is one for all of an IPv6 network', async () => {
    await start(1, 0);
    expect((await ask('/things', '2001:db8::1')).status).toBe(200);
    expect((await ask('/things', '2001:db8::2')).status).toBe(429);
    expect((await ask('/things', '2001:db8:0:1::1')).status).toBe(200);
  });

  it('does not count who watches over the service', async () => {
    await start(1, 0);
    for (const path of ['/health/live', '/health/ready', '/metrics', '/health/live']) {
      const { status, headers } = await ask(path, here);
      expect(status).toBe(200);
      expect(headers.get('ratelimit')).toBeNull();
    }
    expect((await ask('/things', here)).status).toBe(200);
  });
});

it('the limit of a user follows it from address to address', async () => {
  await start(100, 2);
  const first = await ask('/things/mine', here, me);
  expect(first.headers.get('ratelimit-policy')).toBe('"address";q=100;w=60, "user";q=2;w=60');
  expect(first.headers.get('ratelimit')).toMatch(/^"address";r=99;t=\d+, "user";r=1;t=\d+$/);
  expect((await ask('/things/mine', '192.0.2.8', me)).status).toBe(200);
  const refused = await ask('/things/mine', '192.0.2.9', me);
  expect([refused.status, await refused.json()]).toMatchObject([429, { detail: expect.stringContaining('user') }]);
  expect((await ask('/things/mine', '192.0.2.9', you)).status).toBe(200);
  expect((await ask('/things', '192.0.2.9')).status).toBe(200);
});

it('zero is no limit, and nothing is said of it', async () => {
  await start(0, 0);
  const { status, headers } = await ask('/things/mine', here, me);
  expect([status, headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([200, null, null]);
});
