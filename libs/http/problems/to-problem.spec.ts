import { expect, it } from 'vitest';
import { TooMuchContention } from '#actors';
import { StorageFull } from '#contracts';
import { OutcomeUnknown } from '#event-store';
import { DependencyUnavailable } from '#messaging';
import { toProblem } from './to-problem.ts';

it.each([
  [new StorageFull(), 507, 'storage-full'],
  [new DependencyUnavailable('a store'), 503, 'dependency-unavailable'],
  [new OutcomeUnknown('upload-1'), 503, 'dependency-unavailable'],
  [new TooMuchContention('upload-1'), 503, 'busy'],
  [new Error('of ours'), 500, 'internal'],
])('%s is answered as %i %s', (error, status, code) => {
  expect(toProblem(error)).toMatchObject({ status, code });
});
