import { expect, it } from 'vitest';
import { CallQueue } from './call-queue.ts';

function queueOf(sizes: readonly number[]): CallQueue {
  const queue = new CallQueue();
  for (const [index, bytes] of sizes.entries()) {
    queue.add({ call: { operation: 'any', input: index }, bytes, resolve: () => {}, reject: () => {} });
  }
  return queue;
}

function groupsOf(queue: CallQueue): readonly number[] {
  const lengths: number[] = [];
  while (!queue.isEmpty) lengths.push(queue.takeGroup().length);
  return lengths;
}

const mebibyte = 1_048_576;

it.each([
  ['are bounded in number', Array(600).fill(0), [256, 256, 88]],
  ['are bounded in bytes', Array(20).fill(mebibyte), [8, 8, 4]],
  ['hold one call, however large', [20 * mebibyte, 1, 20 * mebibyte], [1, 1, 1]],
])('groups %s', (_, sizes, groups) => {
  expect(groupsOf(queueOf(sizes))).toEqual(groups);
});

it('keeps the order of the calls', () => {
  const queue = queueOf(Array(300).fill(0));
  const inputs = [...queue.takeGroup(), ...queue.takeAll()].map(({ call }) => call.input);
  expect(inputs).toEqual(Array.from({ length: 300 }, (_, index) => index));
});
