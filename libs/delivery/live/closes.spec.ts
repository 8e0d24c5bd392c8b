import { expect, it } from 'vitest';
import { closeLabel, closes } from './closes.ts';

it.each(Object.entries(closes))('%s fits into a close frame', (_, { code, reason }) => {
  // RFC 6455, 5.5: 125 bytes, two of which are the code.
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  expect(closeLabel(code)).toBe(String(code));
});

it('figures do not grow with what clients think of', () => {
  expect([closeLabel(1000), closeLabel(4999), closeLabel(3000)]).toEqual(['1000', 'other', 'other']);
});
