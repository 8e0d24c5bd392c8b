import type { TelemetryConfig } from '#config';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Export } from './export.ts';

/**
 * Begins to export what the configuration asks for. OpenTelemetry's SDK takes a quarter of a second to load, so it is
 * only loaded when it is. Call it before anything makes spans.
 */
export async function startExport(config: TelemetryConfig, metrics: Metrics, log: Log): Promise<Export> {
  if (!config.traces && config.metrics.length === 0) return { stop: async () => undefined };
  const { startSdk } = await import('./sdk.ts');
  return startSdk(config, metrics, log);
}
