import { expect, it } from 'vitest';
import type { OfferTask, TaskReport } from '#contracts';
import { describeOffer, describeReport } from './describe-task.ts';

const blob = { key: '00000000-0000-4000-8000-000000000100', sha256: '0'.repeat(64), bytes: 100 };
const id = '00000000-0000-4000-8000-000000000001';
const source = {
  container: 'mov',
  durationSeconds: null,
  audio: { codec: 'aac', sampleRate: 44_100, channels: 2, track: 0 },
};
const plan = { sampleRate: 44_100, channels: 2, segments: 2, ranges: [{ first: 0, count: 2 }] };
const settings = { format: 'mp3', quality: { mode: 'vbr', level: 2 } } as const;
const envelope = { id, conversionId: id, at: '2026-01-01T00:00:00.000Z' };

function offer(work: OfferTask['work']): OfferTask {
  const { at: requestedAt } = envelope;
  const common = { taskId: id, conversionId: id, userId: id, priority: 'normal', try: 2, notBefore: null } as const;
  return { ...common, requestedAt, engine: null, traceparent: null, work };
}

it('a task is described by what is known of it, and a duration that is not known is left out', () => {
  const encode = offer({
    kind: 'encode',
    audio: blob,
    source,
    plan,
    settings,
    range: { first: 0, count: 2 },
    encoded: [],
  });
  expect(describeOffer(encode, 'ffmpeg-7')).toEqual({
    'mixdown.task.id': id,
    'mixdown.task.kind': 'encode',
    'mixdown.task.try': 2,
    'mixdown.engine': 'ffmpeg-7',
    'mixdown.media.container': 'mov',
    'mixdown.media.codec': 'aac',
    'mixdown.input.bytes': 100,
  });
});

it('a join reads all its segments', () => {
  const segments = [0, 1].map((index) => ({ index, blob, samples: 1 }));
  expect(describeOffer(offer({ kind: 'join', plan, settings, segments }), 'x')).toMatchObject({
    'mixdown.input.bytes': 200,
  });
});

it.each<[TaskReport, object]>([
  [
    { ...envelope, type: 'RecordInspected', data: { taskId: id, engine: 'x', source, audio: blob, plan } },
    { 'mixdown.media.container': 'mov', 'mixdown.media.codec': 'aac', 'mixdown.output.bytes': 100 },
  ],
  [
    { ...envelope, type: 'RecordSegment', data: { taskId: id, engine: 'x', index: 0, blob, samples: 7 } },
    { 'mixdown.output.bytes': 100, 'mixdown.output.samples': 7 },
  ],
  [
    {
      ...envelope,
      type: 'RecordTaskFailed',
      data: { taskId: id, try: 1, code: 'stalled', detail: '', retryable: true },
    },
    { 'mixdown.task.retryable': true },
  ],
  [{ ...envelope, type: 'RecordTaskStarted', data: { taskId: id, engine: 'x' } }, {}],
])('its report says what came of it: $type', (report, described) => {
  expect(describeReport(report)).toEqual(described);
});
