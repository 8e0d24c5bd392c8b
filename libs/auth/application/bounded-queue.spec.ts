import { expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

it('works on so many at once, lets so many wait in order, and refuses the rest at once', async () => {
  const queue = new BoundedQueue(2, 3);
  const begun: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const runs = gates.map((gate, index) =>
    queue.run(async () => {
      begun.push(index);
      await gate.promise;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  expect(runs[5]).toBeNull();
  gates[1]?.resolve();
  expect(await runs[1]).toBe(1);
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  // The place went to who waited, so whoever comes now has to wait behind.
  const late = queue.run(async () => 'late');
  expect(queue.run(async () => 'too many')).toBeNull();
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(runs.slice(0, 5))).toEqual([0, 1, 2, 3, 4]);
  expect(await late).toBe('late');
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('gives the place of work that failed to the next', async () => {
  const queue = new BoundedQueue(1, 1);
  const failing = queue.run(() => Promise.reject(new Error('no')));
  const next = queue.run(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
  expect(await queue.run(async () => 'again')).toBe('again');
});
