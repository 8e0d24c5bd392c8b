import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { expect, it } from 'vitest';
import { JwtSecret } from '#config';
import { AccessTokens } from '#http';
import { SimulatedClock } from '#testing';
import { OutputLinks } from './output-links.ts';

const secret = new JwtSecret('a secret that is long enough for everybody');
const clock = new SimulatedClock();
const links = new OutputLinks(secret, clock);
const id = randomUUID();
const { signature, expiresAt } = links.sign(id, 60);
const [header = '', claims = '', mark = ''] = signature.split('.');
const refusal = expect.objectContaining({ code: 'invalid-link', status: 403 });

/** The claims, changed; the signature is the old one. */
function withClaims(change: object): string {
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), mark].join('.');
}

it('opens its output until it expires, and says when', async () => {
  expect(expiresAt.toISOString()).toBe('2026-01-01T00:01:00.000Z');
  const moving = new SimulatedClock();
  const moved = new OutputLinks(secret, moving);
  await moving.advance(59_000);
  expect(() => moved.check(id, signature)).not.toThrow();
  await moving.advance(1_000);
  expect(() => moved.check(id, signature)).toThrow(refusal);
});

it.each<[string, () => [conversion: string, signature: string]]>([
  ['of another output', () => [randomUUID(), signature]],
  ['with a later end', () => [id, withClaims({ exp: 9_999_999_999 })]],
  ['with another subject', () => [id, withClaims({ sub: id.toUpperCase() })]],
  ['cut short', () => [id, signature.slice(0, -1)]],
  ['without a signature', () => [id, jwt.sign({}, '', { algorithm: 'none', subject: id, audience: 'mixdown-output' })]],
  ['that is nonsense', () => [id, 'nonsense']],
  ['that is empty', () => [id, '']],
  ['that is an access token', () => [id, new AccessTokens(secret).issue(id).token]],
  [
    'signed with the secret itself',
    () => [
      id,
      jwt.sign({}, secret.value, { subject: id, issuer: 'mixdown', audience: 'mixdown-output', expiresIn: 60 }),
    ],
  ],
  [
    'signed with another service’s secret',
    () => [id, new OutputLinks(new JwtSecret('another secret that is long enough'), clock).sign(id, 60).signature],
  ],
])('refuses one %s', (_what, made) => {
  const [conversion, given] = made();
  expect(() => links.check(conversion, given)).toThrow(refusal);
});

it('is no access token', () => expect(() => new AccessTokens(secret).verify(signature)).toThrow());
