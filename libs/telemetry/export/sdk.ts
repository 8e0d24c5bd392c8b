import { context, trace } from '@opentelemetry/api';
import { metrics as metricsSdk, NodeSDK, resources } from '@opentelemetry/sdk-node';
import type { TelemetryConfig } from '#config';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { EdgeSampler, samplerOf } from '../sampling.ts';
import type { Export } from './export.ts';
import { logTroubles } from './log-troubles.ts';
import { metricsExporter } from './metrics-exporter.ts';
import { MetricsSource } from './metrics-source.ts';

/** How long the end of the process waits for the last export. */
const flushMilliseconds = 2_000;

/** The SDK, which reads from its environment variables what {@link TelemetryConfig} does not have. */
export async function startSdk(config: TelemetryConfig, metrics: Metrics, log: Log): Promise<Export> {
  const source = new MetricsSource(metrics);
  const exporters = await Promise.all(config.metrics.map((name) => metricsExporter(name, config.metricsProtocol)));
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(resources.resourceFromAttributes({ 'service.name': 'mixdown' })),
    sampler: new EdgeSampler(samplerOf(config.sampler, config.sampledRatio)),
    // What events and messages keep is W3C's traceparent, whatever OTEL_PROPAGATORS says.
    textMapPropagator: null,
    ...(config.traces ? {} : { spanProcessors: [] }),
    metricReaders: exporters.map(
      (exporter) =>
        new metricsSdk.PeriodicExportingMetricReader({
          exporter,
          exportIntervalMillis: config.metricsIntervalMilliseconds,
          exportTimeoutMillis: config.metricsTimeoutMilliseconds,
          metricProducers: [source],
        }),
    ),
    // The log goes to standard output, with the ids of the trace.
    logRecordProcessors: [],
  });
  // What exports nothing steps aside: OpenTelemetry keeps what was registered first.
  context.disable();
  if (config.traces) trace.disable();
  sdk.start();
  logTroubles(log);
  return {
    async stop() {
      const waited = new AbortController();
      const limit = AbortSignal.any([waited.signal, AbortSignal.timeout(flushMilliseconds)]);
      const tooLate = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve(), { once: true }));
      const flushed = sdk.shutdown().catch((error: unknown) => log.warn({ err: error }, 'the last export failed'));
      await Promise.race([flushed, tooLate]);
      waited.abort();
    },
  };
}
