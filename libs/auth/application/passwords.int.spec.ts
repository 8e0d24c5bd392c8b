import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.ts';

describe('passwords', () => {
  it('match their own hash and no other', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.matches('correct horse', hash)).toBe(true);
    expect(await passwords.matches('correct horsE', hash)).toBe(false);
    expect(await passwords.hash('correct horse')).not.toBe(hash);
  });

  it('of nobody never match, and take as much work', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('x');
    // The first one makes what all others are compared with.
    await passwords.matches('x', null);
    const time = async (stored: string | null) => {
      const begun = performance.now();
      expect(await passwords.matches('y', stored)).toBe(false);
      return performance.now() - begun;
    };
    const [somebody, nobody] = [await time(hash), await time(null)];
    expect(nobody).toBeGreaterThan(somebody / 4);
  });

  it('cost the memory of two, however many come at once: the rest is told to come back', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('x');
    const tries = Array.from({ length: 1_000 }, () => passwords.matches('x', hash));
    const results = await Promise.allSettled(tries);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(results.length - refused.length).toBeLessThanOrEqual(52);
    expect(refused[0]).toMatchObject({ reason: { code: 'busy', headers: { 'Retry-After': '1' } } });
    // Not all at the same moment.
    expect(Number(refused.at(-1)?.reason.headers['Retry-After'])).toBeGreaterThan(5);
  });
});
