import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.ts';
import { expectProblem, type Row } from '../support/expect-problem.ts';
import { System, temporaryFolder } from '../support/system.ts';

const secret = 'a secret of the test, at least thirty-two characters long';
let system: System;
let client: Client;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  system = await System.start(join(folder.path, 'data'), { JWT_SECRET: secret });
  client = await Client.register(system.url);
});

afterAll(async () => {
  await system.stop();
  await folder[Symbol.asyncDispose]();
});

describe('a bad token', () => {
  const claims = { sub: '00000000-0000-4000-8000-000000000001' };
  const good = { algorithm: 'HS256', issuer: 'mixdown', audience: 'mixdown-api', expiresIn: 60 } as const;
  const bearer = (token: string) => () => client.fetch('/v1/me', { headers: { authorization: `Bearer ${token}` } });
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${base64({ alg: 'none', typ: 'JWT' })}.${base64({ ...claims, iss: 'mixdown', aud: 'mixdown-api', exp: 4e9 })}.`;
  const [head = '', body = '', signature = ''] = jwt.sign(claims, secret, good).split('.');

  it.each<Row>([
    ['none', () => fetch(`${system.url}/v1/me`), 401, 'unauthenticated'],
    ['in the URL', () => fetch(`${system.url}/v1/me?access_token=${client.token}`), 401, 'unauthenticated'],
    ['nonsense', bearer('x'), 401, 'unauthenticated'],
    ['of algorithm none', bearer(unsigned), 401, 'unauthenticated'],
    ['of another algorithm', bearer(jwt.sign(claims, secret, { ...good, algorithm: 'HS512' })), 401, 'unauthenticated'],
    ['signed with another secret', bearer(jwt.sign(claims, `${secret}!`, good)), 401, 'unauthenticated'],
    [
      'with a key id that is a path',
      bearer(jwt.sign(claims, '\n', { ...good, keyid: '../../dev/null' })),
      401,
      'unauthenticated',
    ],
    ['tampered with', bearer(`${head}.${base64({ ...claims, exp: 4e9 })}.${signature}`), 401, 'unauthenticated'],
    ['cut off', bearer(`${head}.${body}`), 401, 'unauthenticated'],
    ['of another issuer', bearer(jwt.sign(claims, secret, { ...good, issuer: 'somebody' })), 401, 'unauthenticated'],
    [
      'for another audience',
      bearer(jwt.sign(claims, secret, { ...good, audience: 'mixdown-links' })),
      401,
      'unauthenticated',
    ],
    ['that is not valid yet', bearer(jwt.sign(claims, secret, { ...good, notBefore: 60 })), 401, 'unauthenticated'],
    [
      'that never expires',
      bearer(jwt.sign(claims, secret, { algorithm: 'HS256', issuer: 'mixdown', audience: 'mixdown-api' })),
      401,
      'unauthenticated',
    ],
    ['without a user', bearer(jwt.sign({}, secret, good)), 401, 'unauthenticated'],
    ['of a user that does not exist', bearer(jwt.sign(claims, secret, good)), 401, 'unauthenticated'],
    ['that has expired', bearer(jwt.sign(claims, secret, { ...good, expiresIn: -1 })), 401, 'token-expired'],
  ])('%s', async (_what, ask, status, code) => {
    const response = await ask();
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    await expectProblem(response, status, code);
  });
});
