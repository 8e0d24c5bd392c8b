import { z } from 'zod';
import { list, setting, whole } from './config-table.ts';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplers)[number];

const protocols = ['grpc', 'http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof protocols)[number];

const metricsExporters = ['otlp', 'console', 'none'] as const;
export type MetricsExporter = Exclude<(typeof metricsExporters)[number], 'none'>;

const text = z.string().optional();
/** As the specification has it: whatever is not `true` is false. */
const flag = z.string().transform((value) => value.toLowerCase() === 'true');
const ratio = z
  .string()
  .refine((value) => value.trim() !== '' && Number(value) >= 0 && Number(value) <= 1, 'a number from 0 to 1')
  .transform(Number);

/**
 * Those of OpenTelemetry's environment variables that decide whether its SDK is loaded, and what is handed to it. All
 * others (headers, certificates, batches, limits, resource) are read by the SDK alone.
 * See https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
 */
export const telemetryTable = {
  isDisabled: setting('OTEL_SDK_DISABLED', flag, 'false', 'Exports nothing'),
  endpoint: setting('OTEL_EXPORTER_OTLP_ENDPOINT', text, null, 'Where traces and metrics go'),
  tracesEndpoint: setting('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', text, null, 'Where traces go'),
  metricsEndpoint: setting('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', text, null, 'Where metrics go'),
  tracesExporters: setting(
    'OTEL_TRACES_EXPORTER',
    list.pipe(z.array(z.enum(['otlp', 'zipkin', 'console', 'none'])).min(1)).optional(),
    null,
    'What exports traces',
  ),
  metricsExporters: setting(
    'OTEL_METRICS_EXPORTER',
    list.pipe(z.array(z.enum(metricsExporters)).min(1)).optional(),
    null,
    'What exports metrics; for Prometheus there is /metrics',
  ),
  protocol: setting('OTEL_EXPORTER_OTLP_PROTOCOL', z.enum(protocols), 'http/protobuf', 'How they go'),
  metricsProtocol: setting('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', z.enum(protocols).optional(), null, 'How metrics go'),
  metricsInterval: setting(
    'OTEL_METRIC_EXPORT_INTERVAL',
    whole(1, 86_400_000),
    '60000',
    'Milliseconds between two exports of metrics',
  ),
  metricsTimeout: setting(
    'OTEL_METRIC_EXPORT_TIMEOUT',
    whole(1, 86_400_000),
    '30000',
    'Milliseconds that an export of metrics may take',
  ),
  sampler: setting('OTEL_TRACES_SAMPLER', z.enum(samplers), 'parentbased_always_on', 'Which traces are recorded'),
  sampledRatio: setting('OTEL_TRACES_SAMPLER_ARG', ratio, '1', 'How many of them, by trace id'),
} as const;
