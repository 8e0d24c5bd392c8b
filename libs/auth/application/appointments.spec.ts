import { expect, it } from 'vitest';
import { Appointments } from './appointments.ts';

it('spreads those who find no place over the time that they take', () => {
  const appointments = new Appointments(2);
  for (let times = 0; times < 1_000; times += 1) appointments.observe(50);
  const seconds = Array.from({ length: 200 }, () => appointments.next(5_000));
  // Forty a second, beginning in a second.
  const at = (second: number) => seconds.filter((given) => given === second).length;
  expect(seconds[0]).toBe(1);
  expect([2, 3, 4, 5].map(at)).toEqual([40, 40, 40, 40]);
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
});

it('begins anew when those have come', () => {
  const appointments = new Appointments(1);
  for (let times = 0; times < 10; times += 1) appointments.next(0);
  expect(appointments.next(0)).toBe(2);
  expect(appointments.next(60_000)).toBe(1);
});

it('sends nobody away for more than a minute', () => {
  const appointments = new Appointments(1);
  for (let times = 0; times < 100_000; times += 1) appointments.next(0);
  expect(appointments.next(0)).toBe(60);
});
