import { type Environment, readTable } from './config.ts';
import { type MetricsExporter, type OtlpProtocol, type SamplerName, telemetryTable } from './telemetry-table.ts';

/** What is exported, as OpenTelemetry's variables ask for it; where to, and how, its SDK reads from them by itself. */
export interface TelemetryConfig {
  readonly traces: boolean;
  /** Empty: none. */
  readonly metrics: readonly MetricsExporter[];
  readonly metricsProtocol: OtlpProtocol;
  readonly metricsIntervalMilliseconds: number;
  readonly metricsTimeoutMilliseconds: number;
  readonly sampler: SamplerName;
  /** 0 to 1, for the samplers that go by the trace id. */
  readonly sampledRatio: number;
}

/**
 * A signal is exported when its exporter is named, or when there is an endpoint for it and its exporter is not `none`.
 * OpenTelemetry itself exports to localhost when nothing is said; a service that nobody asked should not.
 *
 * @throws {@link InvalidConfig}
 */
export function loadTelemetryConfig(environment: Environment = process.env): TelemetryConfig {
  const given = readTable(telemetryTable, environment);
  const isAskedFor = (exporters: readonly string[] | undefined, endpoint: string | undefined): boolean => {
    if (given.isDisabled || exporters?.includes('none') === true) return false;
    return exporters !== undefined || endpoint !== undefined || given.endpoint !== undefined;
  };
  const metrics = (given.metricsExporters ?? ['otlp']).filter((exporter) => exporter !== 'none');
  return {
    traces: isAskedFor(given.tracesExporters, given.tracesEndpoint),
    metrics: isAskedFor(given.metricsExporters, given.metricsEndpoint) ? metrics : [],
    metricsProtocol: given.metricsProtocol ?? given.protocol,
    metricsIntervalMilliseconds: given.metricsInterval,
    metricsTimeoutMilliseconds: Math.min(given.metricsTimeout, given.metricsInterval),
    sampler: given.sampler,
    sampledRatio: given.sampledRatio,
  };
}
