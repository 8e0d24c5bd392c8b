import { expect, it } from 'vitest';
import { JwtSecret } from '#config';
import type { Position } from '#event-store';

import { Cursors } from './cursors.ts';

const secret = new JwtSecret('a secret that is long enough for everybody');
const cursors = new Cursors(secret);
const position = '4711' as Position;
const refused = expect.objectContaining({
  code: 'invalid-request',
  errors: [expect.objectContaining({ pointer: '/after' })],
});

it.each([position, null])('opens what was sealed, also elsewhere: %s', (sealed) => {
  expect(new Cursors(secret).open(cursors.seal(sealed))).toBe(sealed);
});

it('says nothing of what is in it', () => {
  expect(Buffer.from(cursors.seal(position), 'base64url').toString('latin1')).not.toContain(position);
  expect(cursors.seal(position)).not.toBe(cursors.seal(position));
});

it.each([
  ['nothing', ''],
  ['a position as it is', '4711'],
  ['one of another service', new Cursors(new JwtSecret('another secret that is long enough')).seal(position)],
  ['one that was cut', cursors.seal(position).slice(0, 20)],
  ['one that was changed', `A${cursors.seal(position).slice(1, -1)}A`],
])('refuses %s', (_, cursor) => {
  expect(() => cursors.open(cursor)).toThrow(refused);
});
