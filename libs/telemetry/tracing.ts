import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

const tracerName = 'mixdown';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(new BasicTracerProvider());

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
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return trace.getTracer(tracerName).startActiveSpan(name, { attributes }, (span) => finishing(span, work));
}

/**
 * Runs `work` in a span that goes on the trace of `traceparent`, which may come from a message, a stored event or
 * another process; without one it begins a trace.
 */
export function continueTrace<T>(traceparent: string | undefined, name: string, work: () => Promise<T>): Promise<T> {
  return context.with(contextOf(traceparent), () => inSpan(name, {}, work));
}

/** A span for a request whose end is known only later: the caller ends it. */
export function startServerSpan(traceparent: string | undefined, name: string): Span {
  return trace.getTracer(tracerName).startSpan(name, { kind: SpanKind.SERVER }, contextOf(traceparent));
}

export function withSpan<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work);
}

function contextOf(traceparent: string | undefined) {
  return propagation.extract(ROOT_CONTEXT, traceparent === undefined ? {} : { traceparent });
}

async function finishing<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
