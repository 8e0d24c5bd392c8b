import { describe, expect, it } from 'vitest';
import { Email, readBasic } from './credentials.ts';

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('HTTP Basic', () => {
  it.each([
    [basic('me@example.org:secret'), { email: 'me@example.org', password: 'secret' }],
    [basic('me@example.org:a:b:'), { email: 'me@example.org', password: 'a:b:' }],
    [basic('me@example.org:pässwörd'), { email: 'me@example.org', password: 'pässwörd' }],
    [basic('me@example.org:x').replace('Basic', 'bASIC'), { email: 'me@example.org', password: 'x' }],
    [basic('no colon'), null],
    [basic(`me@example.org:${'x'.repeat(257)}`), null],
    [basic(`${'x'.repeat(255)}:x`), null],
    ['Basic', null],
    ['Bearer abc', null],
    ['', null],
    [undefined, null],
  ])('%j', (header, login) => expect(readBasic(header)).toEqual(login));
});

describe('an e-mail address', () => {
  it('is taken without blanks around and in lower case', () => {
    expect(Email.parse('  Me@Example.ORG ')).toBe('me@example.org');
  });
  it.each([
    '',
    'me',
    'me@',
    '@example.org',
    'me@example',
    'a b@example.org',
    'me@example.org\nx',
    `${'x'.repeat(250)}@example.org`,
  ])('is not %j', (text) => expect(Email.safeParse(text).success).toBe(false));
});
