import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { JwtSecret } from '#config';
import { AccessTokens } from './access-tokens.ts';

const secret = 'a secret of the test, at least thirty-two characters long';
const userId = '00000000-0000-4000-8000-000000000001';
const tokens = new AccessTokens(new JwtSecret(secret));
const good = { algorithm: 'HS256', issuer: 'mixdown', audience: 'mixdown-api', expiresIn: 60 } as const;
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (claims: object, options: jwt.SignOptions = {}, key: jwt.Secret = secret) =>
  jwt.sign(claims, key, { ...good, ...options });
const { expiresIn: _, ...withoutExpiry } = good;
const unsigned = `${base64({ alg: 'none' })}.${base64({ sub: userId, iss: 'mixdown', aud: 'mixdown-api', exp: 4e9 })}.`;
const [head = '', , signature = ''] = sign({ sub: userId }).split('.');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

it('verifies what it issued, for a quarter of an hour', () => {
  const before = Date.now();
  const { token, expiresInSeconds } = tokens.issue(userId);
  const caller = tokens.verify(token);
  expect(caller.userId).toBe(userId);
  expect(expiresInSeconds).toBe(900);
  expect(Math.abs(caller.expiresAt.getTime() - before - 900_000)).toBeLessThan(5_000);
});

it('ignores a key id, and what it might point at', () => {
  expect(tokens.verify(sign({ sub: userId }, { keyid: '../../dev/null' })).userId).toBe(userId);
});

describe('a token is refused', () => {
  it.each([
    ['that is empty', ''],
    ['that is nonsense', 'a.b.c'],
    ['of algorithm none', unsigned],
    ['of another algorithm', sign({ sub: userId }, { algorithm: 'HS512' })],
    ['of an asymmetric algorithm', sign({ sub: userId }, { algorithm: 'RS256' }, privateKey)],
    ['signed with another secret', sign({ sub: userId }, {}, `${secret}!`)],
    ['tampered with', `${head}.${base64({ sub: userId, iss: 'mixdown', aud: 'mixdown-api', exp: 4e9 })}.${signature}`],
    ['of another issuer', sign({ sub: userId }, { issuer: 'somebody' })],
    ['for another audience', sign({ sub: userId }, { audience: 'mixdown-links' })],
    ['that is not valid yet', sign({ sub: userId }, { notBefore: 60 })],
    ['that never expires', jwt.sign({ sub: userId }, secret, withoutExpiry)],
    ['without a user', sign({})],
    ['whose user is no id', sign({ sub: '../admin' })],
  ])('%s', (_what, token) => {
    expect(() => tokens.verify(token)).toThrow(expect.objectContaining({ code: 'unauthenticated', status: 401 }));
  });
  it('that has expired, by a name of its own', () => {
    const expired = sign({ sub: userId }, { expiresIn: -1 });
    expect(() => tokens.verify(expired)).toThrow(expect.objectContaining({ code: 'token-expired', status: 401 }));
  });
});
