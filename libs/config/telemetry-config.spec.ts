import { describe, expect, it } from 'vitest';
import { InvalidConfig } from './config.ts';
import { loadTelemetryConfig } from './telemetry-config.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('what is exported', () => {
  it.each<[string, Record<string, string>, boolean, string[]]>([
    ['nothing, when nobody asks', {}, false, []],
    ['nothing, for a name or a sampler alone', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }, false, []],
    ['both, to an endpoint', endpoint, true, ['otlp']],
    ['traces, to their own', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:4318/v1/traces' }, true, []],
    ['metrics, to their own', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://mimir/v1/metrics' }, false, ['otlp']],
    ['traces, by a named exporter', { OTEL_TRACES_EXPORTER: 'console' }, true, []],
    ['metrics, by named exporters', { OTEL_METRICS_EXPORTER: 'otlp, console' }, false, ['otlp', 'console']],
    ['no traces, when there is none', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, false, ['otlp']],
    ['no metrics, when there is none', { ...endpoint, OTEL_METRICS_EXPORTER: 'none' }, true, []],
    ['nothing, when the SDK is disabled', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, false, []],
    ['both, when it is not', { ...endpoint, OTEL_SDK_DISABLED: '1' }, true, ['otlp']],
    ['nothing, to an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, []],
  ])('%s', (_what, environment, traces, metrics) => {
    expect(loadTelemetryConfig(environment)).toMatchObject({ traces, metrics });
  });

  it('metrics by their own protocol, or the common one', () => {
    expect(loadTelemetryConfig({}).metricsProtocol).toBe('http/protobuf');
    const common = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(loadTelemetryConfig(common).metricsProtocol).toBe('grpc');
    const own = { ...common, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' };
    expect(loadTelemetryConfig(own).metricsProtocol).toBe('http/json');
  });

  it('in an export that ends before the next begins', () => {
    const often = loadTelemetryConfig({ OTEL_METRIC_EXPORT_INTERVAL: '100' });
    expect(often).toMatchObject({ metricsIntervalMilliseconds: 100, metricsTimeoutMilliseconds: 100 });
  });
});

it.each([
  ['OTEL_TRACES_EXPORTER', 'jaeger'],
  ['OTEL_METRICS_EXPORTER', 'prometheus'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['OTEL_METRIC_EXPORT_INTERVAL', 'often'],
])('%s cannot be %s, and the sentence says so', (name, value) => {
  expect(() => loadTelemetryConfig({ [name]: value })).toThrow(InvalidConfig);
  expect(() => loadTelemetryConfig({ [name]: value })).toThrow(new RegExp(`^${name} .* cannot be "${value}": .+\\.$`));
});
