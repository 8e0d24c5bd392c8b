import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoginLimits } from './login-limits.ts';

const here = '192.0.2.7';
const email = 'me@example.org';
const limited = { code: 'rate-limited', status: 429 };
let limits: LoginLimits;

beforeEach(() => {
  vi.useFakeTimers();
  limits = new LoginLimits();
});
afterEach(() => vi.useRealTimers());

async function fail(times: number, address: string, account: (index: number) => string): Promise<void> {
  for (let index = 0; index < times; index += 1) await limits.afterFailure(address, account(index));
}

describe('wrong logins', () => {
  it('for one account from one address: ten in a quarter of an hour', async () => {
    await fail(9, here, () => email);
    await limits.beforeLogin(here, email);
    await fail(1, here, () => email);
    await expect(limits.beforeLogin(here, email)).rejects.toMatchObject(limited);
    await expect(limits.beforeLogin(here, ' ME@example.org')).rejects.toMatchObject(limited);
    await expect(limits.beforeLogin(here, email)).rejects.toMatchObject({
      message: expect.stringContaining('wrong passwords'),
      headers: { 'Retry-After': '900' },
    });
  });
  it('lock out neither others there nor the account’s owner elsewhere', async () => {
    await fail(10, here, () => email);
    await limits.beforeLogin(here, 'you@example.org');
    await limits.beforeLogin('192.0.2.8', email);
  });
  it('are forgotten after that time', async () => {
    await fail(10, here, () => email);
    vi.advanceTimersByTime(15 * 60 * 1_000 + 1);
    await limits.beforeLogin(here, email);
  });
  it('for any account from one address: two hundred', async () => {
    await fail(199, here, (index) => `${index}@example.org`);
    await limits.beforeLogin(here, email);
    await fail(1, here, () => 'last@example.org');
    await expect(limits.beforeLogin(here, email)).rejects.toMatchObject(limited);
  });
  it('from all over one IPv6 network are from one address', async () => {
    for (let index = 0; index < 200; index += 1)
      await limits.afterFailure(`2001:db8::${index}`, `${index}@example.org`);
    await expect(limits.beforeLogin('2001:db8::ffff', email)).rejects.toMatchObject(limited);
    await limits.beforeLogin('2001:db8:0:1::1', email);
  });
});

it('right logins are not counted', async () => {
  for (let index = 0; index < 1_000; index += 1) await limits.beforeLogin(here, email);
});

it('two hundred accounts an hour are made from one address', async () => {
  for (let index = 0; index < 200; index += 1) await limits.beforeRegistration(here);
  await expect(limits.beforeRegistration(here)).rejects.toMatchObject(limited);
  await limits.beforeRegistration('192.0.2.8');
  vi.advanceTimersByTime(60 * 60 * 1_000 + 1);
  await limits.beforeRegistration(here);
});
