import { describe, expect, it } from 'vitest';
import type { ConversionEvent } from '#contracts';
import { blob, conversionId, decider, happened, inspectTask, joinTask, planOf } from './conversion.fixture.ts';
import { outstandingTasks, taskIds } from './tasks.ts';

const { requested, started, inspected, segment, completed, cancelled, taskFailed } = happened;

function outstanding(history: readonly ConversionEvent[]) {
  return outstandingTasks(conversionId, history.reduce(decider.evolve, decider.initial));
}

describe('what is outstanding', () => {
  it('is nothing before the request', () => expect(outstanding([])).toEqual([]));
  it('is the inspection at first', () =>
    expect(outstanding([requested])).toMatchObject([{ taskId: inspectTask, try: 1, work: { kind: 'inspect' } }]));
  it('stays the inspection once it has started', () =>
    expect(outstanding([requested, started])).toEqual(outstanding([requested])));
  it('is each range that misses a segment', () => {
    const [first, second] = [
      { first: 0, count: 2 },
      { first: 2, count: 1 },
    ];
    const history = [requested, started, inspected(planOf(3, [first, second]))];
    expect(outstanding(history).map(({ taskId }) => taskId)).toEqual([
      taskIds.encode(conversionId, first),
      taskIds.encode(conversionId, second),
    ]);
    expect(outstanding([...history, segment(2, second)])).toMatchObject([{ work: { kind: 'encode', range: first } }]);
    expect(outstanding([...history, segment(1, first), segment(2, second)])).toMatchObject([
      { work: { range: first } },
    ]);
  });
  it('is the join when every segment is there, in their order', () => {
    const range = { first: 0, count: 2 };
    const history = [requested, started, inspected(planOf(2)), segment(1, range), segment(0, range)];
    expect(outstanding(history)).toMatchObject([
      {
        taskId: joinTask,
        work: {
          kind: 'join',
          segments: [
            { index: 0, blob: blob(210) },
            { index: 1, blob: blob(211) },
          ],
        },
      },
    ]);
  });
  it('counts the tries and keeps the pause', () => {
    const retryAt = '2026-01-01T00:00:01.000Z';
    expect(outstanding([requested, taskFailed(inspectTask, 1, retryAt)])).toMatchObject([
      { try: 2, notBefore: retryAt },
    ]);
  });
  it('is nothing after the end', () => {
    expect(outstanding([requested, started, inspected(), segment(0), completed])).toEqual([]);
    expect(outstanding([requested, cancelled])).toEqual([]);
  });
});
