import { expect, it } from 'vitest';
import { SimulatedClock } from '#testing';
import { Recurring } from './recurring.ts';

it('is done at the start and then after each pause, also after a failure, until it is stopped', async () => {
  const clock = new SimulatedClock();
  const times: string[] = [];
  const failures: unknown[] = [];
  const recurring = new Recurring(
    clock,
    async () => {
      times.push(clock.now().toISOString().slice(17, 23));
      if (times.length === 2) throw new Error('the second time');
    },
    (error) => failures.push(error),
  );
  recurring.start({ everyMilliseconds: 1_000, firstAfterMilliseconds: 500 });
  await clock.advance(2_999);
  expect(times).toEqual(['00.500', '01.500', '02.500']);
  expect(failures).toMatchObject([{ message: 'the second time' }]);
  await recurring.stop();
  await clock.advance(10_000);
  expect(times).toHaveLength(3);
});

it('lets the work at hand end, and tells it to', async () => {
  const ended = Promise.withResolvers<void>();
  let signal: AbortSignal | undefined;
  const recurring = new Recurring(
    new SimulatedClock(),
    (given) => {
      signal = given;
      return ended.promise;
    },
    () => undefined,
  );
  recurring.start({ everyMilliseconds: 1_000 });
  let isStopped = false;
  const stopped = recurring.stop().then(() => {
    isStopped = true;
  });
  await new Promise(setImmediate);
  expect([signal?.aborted, isStopped]).toEqual([true, false]);
  ended.resolve();
  await stopped;
});
