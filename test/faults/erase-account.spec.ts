import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client, post } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

const password = 'correct horse battery staple';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** In its order: each is a moment in which the account is erased by one step more. */
it.each(['auth.erasure-begun', 'auth.records-erased', 'auth.erasure-appended'])(
  'an account whose erasure was killed at %s is erased by the next start',
  async (point) => {
    const data = join(folder.path, point);
    const email = 'me@example.org';
    await using dying = await running(data, { CRASH_AT: `${point}:0` });
    const client = await Client.register(dying.system.url, email);
    const erasing = client.fetch('/v1/me', {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    await expect(erasing).rejects.toThrow();
    await dying.system.ended();

    await using again = await running(data);
    const { url } = again.system;
    // Its address is free only when nothing is left of it.
    const register = async () => (await post(`${url}/v1/auth/register`, { email, password })).status;
    await expect.poll(register, { timeout: 20_000, interval: 200 }).toBe(201);
    const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${client.token}` } });
    expect(await me.json()).toMatchObject({ status: 401, detail: 'This account was deleted.' });
  },
);

async function running(data: string, environment: Readonly<Record<string, string>> = {}) {
  const system = await System.start(data, environment);
  return {
    system,
    async [Symbol.asyncDispose]() {
      await system.kill();
    },
  };
}
