import { expect, it } from 'vitest';
import { contentDisposition, etagOf, parseRange } from './content.ts';

it.each([
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=0-9', { from: 0, to: 10 }],
  ['bytes=5-', { from: 5, to: 10 }],
  ['bytes=-3', { from: 7, to: 10 }],
  ['bytes=-100', { from: 0, to: 10 }],
  ['bytes=8-100', { from: 8, to: 10 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-20', 'unsatisfiable'],
  ['bytes=0-1,4-5', 'whole'],
  ['lines=0-1', 'whole'],
  ['nonsense', 'whole'],
])('the range %s of ten bytes is %j', (header, expected) => expect(parseRange(header, 10)).toEqual(expected));

it('finds no byte in nothing', () => expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable'));

it('makes a strong entity tag', () => expect(etagOf('ab12')).toBe('"ab12"'));

it.each([
  ['song.mp3', 'attachment; filename=song.mp3'],
  ['a "b".mp3', String.raw`attachment; filename="a \"b\".mp3"`],
])('names %s', (name, header) => expect(contentDisposition(name)).toBe(header));

it('names a file in UTF-8, too, and lets no name out of its header', () => {
  expect(contentDisposition('Füße.mp3')).toContain(`filename*=UTF-8''F%C3%BC%C3%9Fe.mp3`);
  expect(contentDisposition('a\r\nSet-Cookie: x.mp3')).not.toMatch(/[\r\n]/);
  expect(contentDisposition('日本語.mp3')).toMatch(/^[\x20-\x7e]+$/);
});
