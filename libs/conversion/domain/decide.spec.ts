import { describe, expect, it } from 'vitest';
import type { ConversionEvent } from '#contracts';
import { given } from '#testing';
import {
  at,
  blob,
  conversionId,
  decider,
  does,
  engine,
  happened,
  inspectTask,
  joinTask,
  planOf,
} from './conversion.fixture.ts';
import { assertCanBeRetried } from './decide.ts';
import { taskIds } from './tasks.ts';
import { unneededBlobs } from './unneeded-blobs.ts';

const { requested, started, inspected, segment, completed, failed, taskFailed } = happened;
const { cancelled, cancelledFor, deleted } = happened;
const encoding = [requested, started, inspected()];
const joining = [...encoding, segment(0)];
const done = [...joining, completed];

describe('a conversion', () => {
  it('is requested once', () => given(decider, []).when(does.request()).expect([requested]));
  it('ignores the same request again', () => given(decider, done).when(does.request()).expectNothing());
  it('refuses another request under its id', () =>
    given(decider, [requested]).when(does.request('other')).expectRefusal('idempotency-key-reused'));

  it('starts when its inspection does', () => given(decider, [requested]).when(does.start).expect([started]));
  it('starts once', () => given(decider, [requested, started]).when(does.start).expectNothing());
  it('records what the inspection found', () =>
    given(decider, [requested, started]).when(does.inspected()).expect([inspected()]));
  it('has started when the result of the inspection comes and word of its start was lost', () =>
    given(decider, [requested]).when(does.inspected()).expect([started, inspected()]));
  it('keeps the first plan', () =>
    given(decider, encoding)
      .when(does.inspected(planOf(7)))
      .expectNothing());

  it('records a segment', () =>
    given(decider, encoding)
      .when(does.segment(0))
      .expect([segment(0)]));
  it('records a segment once', () => {
    const plan = planOf(2);
    const range = { first: 0, count: 2 };
    given(decider, [requested, started, inspected(plan), segment(0, range)])
      .when(does.segment(0, range))
      .expectNothing();
  });
  it('ignores a segment of another plan', () =>
    given(decider, encoding)
      .when(does.segment(0, { first: 0, count: 3 }))
      .expectNothing());
  it('ignores a segment outside the range that its task was for', () =>
    given(decider, [
      requested,
      started,
      inspected(
        planOf(2, [
          { first: 0, count: 1 },
          { first: 1, count: 1 },
        ]),
      ),
    ])
      .when(does.segment(1, { first: 0, count: 1 }))
      .expectNothing());
  it('completes with the joined output', () => given(decider, joining).when(does.output).expect([completed]));
  it('does not complete before its segments are there', () =>
    given(decider, encoding).when(does.output).expectNothing());

  it('is cancelled', () => given(decider, encoding).when(does.cancel).expect([cancelled]));
  it('refuses to be cancelled when it has ended', () =>
    given(decider, done).when(does.cancel).expectRefusal('conversion-finished'));
  it('cannot be cancelled where it never was', () => given(decider, []).when(does.cancel).expectRefusal('not-found'));
  it('is cancelled by being deleted', () => given(decider, encoding).when(does.remove).expect([cancelled, deleted]));
  it.each(['upload-deleted', 'account-erased'] as const)('is cancelled by %s while it goes on', (reason) =>
    given(decider, encoding)
      .when(does.cancelFor(reason))
      .expect([cancelledFor(reason)]),
  );
  it.each([
    ['has ended', done],
    ['was deleted', [...done, deleted]],
    ['never was', []],
  ])('%s, and an upload that goes changes nothing', (_what, history) =>
    given(decider, history).when(does.cancelFor('upload-deleted')).expectNothing(),
  );
  it('goes with its owner’s account, and says so if it was going on', () =>
    given(decider, encoding)
      .when(does.removeFor('account-erased'))
      .expect([cancelledFor('account-erased'), deleted]));
  it('cannot be deleted where it never was', () => given(decider, []).when(does.remove).expectRefusal('not-found'));
  it('is deleted when it has ended', () => given(decider, done).when(does.remove).expect([deleted]));
  it('is deleted once', () =>
    given(decider, [...done, deleted])
      .when(does.remove)
      .expectNothing());
  it('fails when it is overdue', () =>
    given(decider, encoding)
      .when(does.expire)
      .expect([failed('timed-out')]));
  it('does not fail after its end', () => given(decider, done).when(does.expire).expectNothing());
  it.each([
    ['start', does.start],
    ['inspection', does.inspected()],
    ['segment', does.segment(0)],
    ['output', does.output],
    ['failure', does.fail(joinTask, 1)],
  ])('ignores a late %s', (_what, command) =>
    given(decider, [...encoding, cancelled])
      .when(command)
      .expectNothing(),
  );
});

describe('a retry', () => {
  it.each(['failed', 'cancelled'] as const)('is for what %s', (status) =>
    expect(() => assertCanBeRetried(status)).not.toThrow(),
  );
  it.each(['queued', 'running', 'completed'] as const)('is not for what is %s', (status) =>
    expect(() => assertCanBeRetried(status)).toThrow(expect.objectContaining({ code: 'conversion-not-failed' })),
  );
});

describe('what a report brings after the end', () => {
  const after = (history: readonly ConversionEvent[]) => history.reduce(decider.evolve, decider.initial);
  it.each([
    ['cancelled', [...encoding, cancelled], does.segment(0), [blob(210)]],
    ['deleted', [...done, deleted], does.output, [blob(300)]],
    ['completed with it', done, does.output, []],
    ['completed with another', done, does.segment(0), [blob(210)]],
    ['still going on', encoding, does.segment(0), []],
    ['cancelled, and there is none', [...encoding, cancelled], does.start, []],
  ] as const)('is needed by nobody, unless: %s', (_what, history, report, blobs) =>
    expect(unneededBlobs(report, after(history))).toEqual(blobs),
  );
});

describe('a task that fails', () => {
  const encodeTask = taskIds.encode(conversionId, { first: 0, count: 1 });
  const crashed = { type: 'ConversionFailed', at, data: { code: 'encoder-crashed', detail: 'it died' } } as const;

  it('is tried again after a second', () =>
    given(decider, encoding)
      .when(does.fail(encodeTask, 1))
      .expect([taskFailed(encodeTask, 1, '2026-01-01T00:00:01.000Z')]));
  it('is tried a third time after ten', () =>
    given(decider, [...encoding, taskFailed(encodeTask, 1, at)])
      .when(does.fail(encodeTask, 2))
      .expect([taskFailed(encodeTask, 2, '2026-01-01T00:00:10.000Z')]));
  it('ends the conversion at the third time', () =>
    given(decider, [...encoding, taskFailed(encodeTask, 1, at), taskFailed(encodeTask, 2, at)])
      .when(does.fail(encodeTask, 3))
      .expect([crashed]));
  it('ends the conversion at once when trying again cannot help', () =>
    given(decider, encoding)
      .when(does.fail(encodeTask, 1, false))
      .expect([crashed]));
  it('counts each try once', () =>
    given(decider, [...encoding, taskFailed(encodeTask, 1, at)])
      .when(does.fail(encodeTask, 1))
      .expectNothing());
  it('does not matter when its result is there already', () =>
    given(decider, encoding).when(does.fail(inspectTask, 1)).expectNothing());
});

it('names the engine that started it', () =>
  given(decider, [requested])
    .when(does.start)
    .expect([{ type: 'ConversionStarted', at, data: { taskId: inspectTask, engine } }]));
