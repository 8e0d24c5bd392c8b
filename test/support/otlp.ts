/** OTLP as JSON, as far as specs look at it: https://opentelemetry.io/docs/specs/otlp/. */
/** OTLP's kinds of spans, by number. */
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

type Value = string | number | boolean | readonly Value[] | undefined;

export interface CollectedSpan {
  readonly traceId: string;
  readonly id: string;
  /** Empty for the first of a trace. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly attributes: Readonly<Record<string, Value>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly exceptions: readonly Readonly<Record<string, Value>>[];
  /** OTLP's code: 2 is an error. */
  readonly status: { readonly code?: number; readonly message?: string };
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly resource: Readonly<Record<string, Value>>;
}

export interface CollectedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly points: readonly OtlpPoint[];
}

export interface OtlpPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
}
interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}
interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly OtlpAttribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events?: readonly { readonly name: string; readonly attributes: readonly OtlpAttribute[] }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
interface OtlpResource {
  readonly attributes: readonly OtlpAttribute[];
}
export interface OtlpTraces {
  readonly resourceSpans?: readonly {
    readonly resource: OtlpResource;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}
interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] };
}
export interface OtlpMetrics {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

export function spansOf({ resourceSpans = [] }: OtlpTraces): readonly CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(span, attributesOf(resource.attributes)))),
  );
}

function toSpan(span: OtlpSpan, resource: CollectedSpan['resource']): CollectedSpan {
  const { traceId, spanId, parentSpanId = '', name, kind, attributes, links = [], events = [], status } = span;
  return {
    ...{ traceId, id: spanId, parentId: parentSpanId, name, kind: kinds[kind] ?? 'unspecified' },
    attributes: attributesOf(attributes),
    links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
    exceptions: events.filter((event) => event.name === 'exception').map((event) => attributesOf(event.attributes)),
    ...{ status, resource },
    start: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
    end: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
  };
}

function attributesOf(attributes: readonly OtlpAttribute[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpValue): Value {
  if (arrayValue !== undefined) return arrayValue.values.map(plain);
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue;
}

export function metricsOf({ resourceMetrics = [] }: OtlpMetrics): readonly CollectedMetric[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(
        ({ name, unit, sum, gauge, histogram }) =>
          ({
            ...{ name, unit, kind: sum !== undefined ? 'sum' : gauge !== undefined ? 'gauge' : 'histogram' },
            points: (sum ?? gauge ?? histogram)?.dataPoints ?? [],
          }) as const,
      ),
    ),
  );
}
