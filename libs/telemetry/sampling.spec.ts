import { propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import type { TelemetryConfig } from '#config';
import { EdgeSampler, fromOutside, samplerOf } from './sampling.ts';

propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const traceId = '0af7651916cd43dd8448eb211c80319c';

function isSampled(name: TelemetryConfig['sampler'], ratio: number, flags: '00' | '01', isOutside: boolean): boolean {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` });
  const sampler = new EdgeSampler(samplerOf(name, ratio));
  const asked = isOutside ? fromOutside(parent) : parent;
  return (
    sampler.shouldSample(asked, traceId, 'POST', SpanKind.SERVER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED
  );
}

describe('whether a trace is recorded', () => {
  it.each<[TelemetryConfig['sampler'], number, boolean]>([
    ['parentbased_always_on', 1, true],
    ['parentbased_always_off', 1, false],
    ['parentbased_traceidratio', 0, false],
    ['parentbased_traceidratio', 1, true],
    ['always_on', 1, true],
    ['always_off', 1, false],
    ['traceidratio', 0, false],
  ])('is not for a stranger to say: %s, %d', (name, ratio, expected) => {
    expect(isSampled(name, ratio, '00', true)).toBe(expected);
    expect(isSampled(name, ratio, '01', true)).toBe(expected);
  });

  it.each(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const)(
    'is decided once for all that follows: %s',
    (name) => {
      expect(isSampled(name, 0.5, '01', false)).toBe(true);
      expect(isSampled(name, 0.5, '00', false)).toBe(false);
    },
  );
});
