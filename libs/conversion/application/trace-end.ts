import type { Known } from '#actors';
import { type ConversionCommand, failures } from '#contracts';
import { currentTraceparent, describeSpan, failSpan, recordSpan } from '#telemetry';
import type { ConversionState } from '../domain/state.ts';

type Ended = Extract<ConversionState, { status: 'completed' | 'failed' | 'cancelled' }>;

/**
 * The command has ended the conversion: its trace gets one span for the whole, from the request to this end, however
 * many processes worked on it.
 */
export function traceEnd(command: ConversionCommand, { state, traceparent }: Known<ConversionState>): void {
  switch (state.status) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      break;
    case 'absent':
    case 'queued':
    case 'inspecting':
    case 'encoding':
    case 'joining':
    case 'deleted':
      return;
  }
  const failure = failureOf(state);
  const attributes = { 'mixdown.conversion.status': state.status };
  describeSpan(attributes);
  // Who cancels has succeeded with that.
  if (failure !== undefined && state.status !== 'cancelled') failSpan(failure);
  const cause = currentTraceparent();
  recordSpan(traceparent, 'conversion', {
    ...{ from: new Date(state.request.at), to: new Date(command.at), conversionId: command.conversionId },
    attributes: { ...attributes, ...describe(state) },
    links: cause === undefined || state.status !== 'cancelled' ? [] : [cause],
    ...(failure === undefined ? {} : { failure }),
  });
}

function failureOf(state: Ended) {
  switch (state.status) {
    case 'completed':
      return undefined;
    case 'failed':
      return { code: state.code, detail: failures[state.code] };
    case 'cancelled':
      return { code: 'cancelled', detail: 'The conversion was cancelled.' };
  }
}

function describe(state: Ended) {
  const { uploadId, priority, source } = state.request;
  return {
    ...{ 'mixdown.upload.id': uploadId, 'mixdown.priority': priority, 'mixdown.input.bytes': source.bytes },
    ...(state.status === 'completed'
      ? {
          'mixdown.output.bytes': state.output.blob.bytes,
          'mixdown.output.samples': state.output.samples,
          'mixdown.media.seconds': state.output.durationSeconds,
        }
      : {}),
  };
}
