import { describe, expect, it } from 'vitest';
import { JwtSecret } from '#config';
import { secretHash } from '#contracts';

import { meaningOf, type RefreshToken, RefreshTokens, repeatMilliseconds, textOf } from './refresh-tokens.ts';

const tokens = new RefreshTokens(new JwtSecret('a secret of the test, at least thirty-two characters long'));
const others = new RefreshTokens(new JwtSecret('another secret of the test, just as long as the first one'));
const first = tokens.first('00000000-0000-4000-8000-000000000001');
const second = tokens.successorOf(first);
const third = tokens.successorOf(second);
const now = new Date('2026-01-01T00:00:00.000Z');

it('is read back from its text', () => expect(tokens.read(textOf(first))).toEqual(first));

it.each([
  '',
  'x',
  textOf(first).slice(1),
  `${textOf(first)}x`,
  ` ${textOf(first)}`,
  textOf(first).replace('mixdown-refresh', 'mixdown'),
  textOf({ ...first, sessionId: 'me' }),
  textOf({ ...first, family: '' }),
])('is not read from %j', (text) => expect(tokens.read(text)).toBeNull());

describe('a successor', () => {
  it('is always the same, of the same family, and like no other', () => {
    expect(tokens.successorOf(first)).toEqual(second);
    expect(second).toMatchObject({ sessionId: first.sessionId, family: first.family });
    expect(new Set([first, second, third].map(textOf)).size).toBe(3);
    expect(tokens.read(textOf(second))).toEqual(second);
  });
  it('cannot be told from the token alone', () => expect(others.successorOf(first)).not.toEqual(second));
});

describe('a token means', () => {
  const meaning = (token: RefreshToken, secondsSince = 0) =>
    meaningOf(
      token,
      {
        familyHash: secretHash(first.family),
        currentHash: secretHash(textOf(third)),
        previous: { hash: secretHash(textOf(second)), replacedAt: now.toISOString() },
      },
      new Date(now.getTime() + secondsSince * 1_000),
    );
  const window = repeatMilliseconds / 1_000;

  it.each([
    ['the newest', third, 0, 'current'],
    ['the newest, after a long time', third, 1_000_000, 'current'],
    ['the one before, at once', second, 0, 'repeated'],
    ['the one before, a moment later', second, window - 0.001, 'repeated'],
    ['the one before, later', second, window, 'reused'],
    ['an older one, at once', first, 0, 'reused'],
    ['one that was never given out, with the family’s secret', { ...third, secret: first.family }, 0, 'reused'],
    ['one of another family', tokens.first(first.sessionId), 0, 'foreign'],
  ])('%s', (_what, token, seconds, expected) => expect(meaning(token, seconds)).toBe(expected));
});
