import { type Attributes, type Context, createContextKey, type Link, type SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { TelemetryConfig } from '#config';

const fromOutsideKey = createContextKey('mixdown: the parent is a stranger’s');

/** Marks the parent in this context as one that somebody outside named. */
export function fromOutside(parent: Context): Context {
  return parent.setValue(fromOutsideKey, true);
}

/**
 * Whoever calls may name the trace that a request belongs to, but not whether it is sampled: a stranger could else have
 * every request of theirs recorded, or none. Such a parent is sampled as a root would be, by the same trace id.
 */
export class EdgeSampler implements Sampler {
  constructor(private readonly inner: Sampler) {}

  shouldSample(
    parent: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const asked = parent.getValue(fromOutsideKey) === true ? trace.deleteSpan(parent) : parent;
    return this.inner.shouldSample(asked, traceId, spanName, spanKind, attributes, links);
  }

  toString(): string {
    return `Edge{${this.inner}}`;
  }
}

/** As OTEL_TRACES_SAMPLER names them. @param ratio 0 to 1, for those that go by the trace id */
export function samplerOf(name: TelemetryConfig['sampler'], ratio: number): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
