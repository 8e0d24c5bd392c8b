import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseDeeperThan } from './body-depth.ts';

const check = (text: string, levels = 32) => refuseDeeperThan(levels, Buffer.from(text));
const refusal = expect.objectContaining({ code: 'invalid-request' });

describe('the depth of a JSON text', () => {
  it.each([
    ['lists', '['.repeat(32) + ']'.repeat(32)],
    ['objects', `${'{"a":'.repeat(32)}1${'}'.repeat(32)}`],
    ['many beside one another', '[]'.repeat(1_000)],
    ['brackets in a string', JSON.stringify('[{'.repeat(100))],
    ['quotes and backslashes before them', JSON.stringify({ 'a"\\': '\\"[{'.repeat(100) })],
  ])('may be 32: %s', (_what, text) => expect(() => check(text)).not.toThrow());
  it.each([
    ['lists', '['.repeat(33)],
    ['objects', '{"a":'.repeat(33)],
    ['behind a string that ends in a backslash', `["\\\\",${'['.repeat(32)}`],
    ['behind a string with a quote', `["\\"",${'['.repeat(32)}`],
  ])('may not be 33: %s', (_what, text) => expect(() => check(text)).toThrow(refusal));

  it('is counted as the parser nests it', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.json(), (text) => {
        const depth = depthOf(JSON.parse(text));
        expect(() => check(text, depth)).not.toThrow();
        if (depth > 0) expect(() => check(text, depth - 1)).toThrow(refusal);
      }),
    );
  });
});
