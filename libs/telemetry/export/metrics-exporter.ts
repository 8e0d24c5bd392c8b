import { metrics } from '@opentelemetry/sdk-node';
import type { TelemetryConfig } from '#config';

/** An exporter that reads where to, and how, from OpenTelemetry's environment variables. Only its own protocol is loaded. */
export async function metricsExporter(
  name: TelemetryConfig['metrics'][number],
  protocol: TelemetryConfig['metricsProtocol'],
): Promise<metrics.PushMetricExporter> {
  if (name === 'console') return new metrics.ConsoleMetricExporter();
  switch (protocol) {
    case 'grpc':
      return new (await import('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter();
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter();
    case 'http/json':
      return new (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter();
  }
}
