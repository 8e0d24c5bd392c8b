export * from './active-span.ts';
export * from './export/start-export.ts';
export * from './log.ts';
export * from './metrics.ts';
export {
  boundToSpan,
  continueTrace,
  currentTrace,
  currentTraceparent,
  endServerSpan,
  inSpan,
  recordSpan,
  type Span,
  type SpanOptions,
  startServerSpan,
  withoutSpans,
  withSpan,
} from './tracing.ts';
