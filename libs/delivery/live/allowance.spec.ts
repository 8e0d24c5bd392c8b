import { expect, it } from 'vitest';
import { Allowance } from './allowance.ts';

const taken = (allowance: Allowance, now: number, times: number) =>
  Array.from({ length: times }, () => allowance.take(now)).filter(Boolean).length;

it('gives so many at once, then so many a second, and never more than at once', () => {
  const allowance = new Allowance({ atOnce: 5, perSecond: 2 }, 0);
  expect(taken(allowance, 0, 10)).toBe(5);
  expect(taken(allowance, 400, 10)).toBe(0);
  expect(taken(allowance, 1_000, 10)).toBe(2);
  expect(taken(allowance, 60_000, 10)).toBe(5);
});

it('gives nothing for a clock that is set back', () => {
  const allowance = new Allowance({ atOnce: 1, perSecond: 1 }, 10_000);
  expect(taken(allowance, 0, 5)).toBe(1);
  expect(taken(allowance, 0, 5)).toBe(0);
});
