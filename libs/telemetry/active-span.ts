import { type Attributes, type Span, trace } from '@opentelemetry/api';
import { type Failure, fail, failWith } from './span-details.ts';
import { conversionAttribute, spanContextOf } from './tracing.ts';

/** Adds to what is known of the active span; without one nothing happens. */
export function describeSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** What the active span stands for has failed, in a way that was expected and is not thrown. */
export function failSpan(failure: Failure): void {
  const span = trace.getActiveSpan();
  if (span !== undefined) fail(span, failure);
}

/** What the active span stands for has failed with an error that somebody else deals with. */
export function failSpanWith(error: unknown): void {
  const span = trace.getActiveSpan();
  if (span !== undefined) failWith(span, error);
}

/** Traces that a span has a link to already: a request looks at its conversion several times. */
const linkedTraces = new WeakMap<Span, Set<string>>();

/**
 * The active span is about this conversion, whose trace may be another: then they are linked.
 * @param traceparent of the conversion's trace
 */
export function spanIsAbout(conversionId: string, traceparent: string | null | undefined): void {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  span.setAttribute(conversionAttribute, conversionId);
  const linked = traceparent == null ? undefined : spanContextOf(traceparent);
  if (linked === undefined || linked.traceId === span.spanContext().traceId) return;
  const known = linkedTraces.get(span) ?? new Set();
  if (known.has(linked.traceId)) return;
  linkedTraces.set(span, known.add(linked.traceId));
  span.addLink({ context: linked, attributes: { [conversionAttribute]: conversionId } });
}
