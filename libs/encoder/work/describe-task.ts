import type { OfferTask, Source, TaskReport, TaskWork } from '#contracts';

type Described = Readonly<Record<string, string | number | boolean>>;

/** What a span says of a task before it is done. */
export function describeOffer({ taskId, try: attempt, work }: OfferTask, engine: string): Described {
  return {
    'mixdown.task.id': taskId,
    'mixdown.task.kind': work.kind,
    'mixdown.task.try': attempt,
    'mixdown.engine': engine,
    ...describeWork(work),
  };
}

/** What it says of it afterwards. */
export function describeReport(report: TaskReport): Described {
  switch (report.type) {
    case 'RecordInspected':
      return { ...describeSource(report.data.source), 'mixdown.output.bytes': report.data.audio.bytes };
    case 'RecordSegment':
      return { 'mixdown.output.bytes': report.data.blob.bytes, 'mixdown.output.samples': report.data.samples };
    case 'RecordOutput': {
      const { blob, samples, durationSeconds } = report.data.output;
      return {
        'mixdown.output.bytes': blob.bytes,
        'mixdown.output.samples': samples,
        'mixdown.media.seconds': durationSeconds,
      };
    }
    case 'RecordTaskFailed':
      return { 'mixdown.task.retryable': report.data.retryable };
    case 'RecordTaskStarted':
      return {};
  }
}

function describeWork(work: TaskWork): Described {
  switch (work.kind) {
    case 'inspect':
      return { 'mixdown.input.bytes': work.source.bytes };
    case 'encode':
      return { ...describeSource(work.source), 'mixdown.input.bytes': work.audio.bytes };
    case 'join':
      return { 'mixdown.input.bytes': work.segments.reduce((sum, { blob }) => sum + blob.bytes, 0) };
  }
}

function describeSource({ container, durationSeconds, audio }: Source): Described {
  return {
    'mixdown.media.container': container,
    'mixdown.media.codec': audio.codec,
    ...(durationSeconds === null ? {} : { 'mixdown.media.seconds': durationSeconds }),
  };
}
