import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { EdgeSampler, fromOutside, samplerOf } from './sampling.ts';
import { type Failure, fail, failWith } from './span-details.ts';

export type { Span };

const tracerName = 'mixdown';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
// Exports nothing: traces have ids for logs, events and problem documents all the same.
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ sampler: new EdgeSampler(samplerOf('parentbased_always_on', 1)) }),
);

export interface SpanOptions {
  /** As OpenTelemetry defines them; default: internal. */
  readonly kind?: 'internal' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** The conversion that it is about: an attribute of this span and of all below it. */
  readonly conversionId?: string | undefined;
}

export interface RecordOptions extends SpanOptions {
  readonly from: Date;
  readonly to: Date;
  /** Traces, by a `traceparent` of each, that it has to do with and is no part of. */
  readonly links?: readonly string[];
  readonly failure?: Failure;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
const conversionKey = createContextKey('mixdown: the conversion that this is about');
export const conversionAttribute = 'mixdown.conversion.id';

/** The active span as a W3C `traceparent` header; undefined outside any span. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Ids of the active span, for logs and problem documents. */
export function currentTrace(): { readonly traceId: string; readonly spanId: string } | undefined {
  return trace.getActiveSpan()?.spanContext();
}

/** Runs `work` in a child of the active span, which ends with it and keeps its error. */
export function inSpan<T>(name: string, work: () => Promise<T>, options: SpanOptions = {}): Promise<T> {
  const parent = about(context.active(), options);
  const span = start(name, options, parent);
  return context.with(trace.setSpan(parent, span), () => finishing(span, work));
}

/**
 * Runs `work` in a span that goes on the trace of `traceparent`, which may come from a message, a stored event or
 * another process of ours; without one it begins a trace.
 */
export function continueTrace<T>(
  traceparent: string | undefined,
  name: string,
  work: () => Promise<T>,
  options: SpanOptions = {},
): Promise<T> {
  return context.with(contextOf(traceparent), () => inSpan(name, work, options));
}

/**
 * Runs `work`, which only repeats what has been done, in the trace of `traceparent`, but without showing it there: logs
 * have its id, and no span is exported where the parent decides about that.
 */
export function withoutSpans<T>(traceparent: string | undefined, work: () => T): T {
  const parent = contextOf(traceparent);
  const named = trace.getSpanContext(parent);
  if (named === undefined) return context.with(parent, work);
  return context.with(trace.setSpanContext(parent, { ...named, traceFlags: TraceFlags.NONE }), work);
}

/** A span of what lies behind, in the trace of `traceparent`; without one it is a trace of its own. */
export function recordSpan(traceparent: string | undefined, name: string, options: RecordOptions): void {
  const { from, to, links = [], failure } = options;
  const span = start(name, options, about(contextOf(traceparent), options), from);
  for (const link of links) {
    const linked = spanContextOf(link);
    if (linked !== undefined) span.addLink({ context: linked });
  }
  if (failure !== undefined) fail(span, failure);
  span.end(to);
}

/**
 * A span for a request whose end is known only later: the caller ends it.
 * @param traceparent as somebody outside gave it: see {@link EdgeSampler}
 */
export function startServerSpan(traceparent: string | undefined, name: string, attributes: Attributes): Span {
  const parent = fromOutside(contextOf(traceparent));
  return trace.getTracer(tracerName).startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
}

/** @param isFault the request has failed, and not through whoever sent it */
export function endServerSpan(span: Span, name: string, isFault: boolean, attributes: Attributes): void {
  span.updateName(name).setAttributes(attributes);
  if (isFault) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

export function withSpan<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work);
}

/** The same function, within the span that is active now, whoever calls it: streams and emitters call from anywhere. */
export function boundToSpan<Arguments extends unknown[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  return context.bind(context.active(), work);
}

export function spanContextOf(traceparent: string) {
  return trace.getSpanContext(contextOf(traceparent));
}

function contextOf(traceparent: string | undefined): Context {
  return propagation.extract(ROOT_CONTEXT, traceparent === undefined ? {} : { traceparent });
}

function about(parent: Context, { conversionId }: SpanOptions): Context {
  return conversionId === undefined ? parent : parent.setValue(conversionKey, conversionId);
}

function start(name: string, { kind = 'internal', attributes }: SpanOptions, parent: Context, from?: Date): Span {
  const conversionId = parent.getValue(conversionKey);
  return trace.getTracer(tracerName).startSpan(
    name,
    {
      kind: kinds[kind],
      attributes: {
        ...attributes,
        ...(typeof conversionId === 'string' ? { [conversionAttribute]: conversionId } : {}),
      },
      ...(from === undefined ? {} : { startTime: from }),
    },
    parent,
  );
}

async function finishing<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    failWith(span, error);
    throw error;
  } finally {
    span.end();
  }
}
