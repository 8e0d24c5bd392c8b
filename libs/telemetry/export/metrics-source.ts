import { hrTime, millisToHrTime } from '@opentelemetry/core';
import { metrics as metricsSdk, resources } from '@opentelemetry/sdk-node';
import type { Metrics } from '../metrics.ts';
import { toMetricData } from './metric-data.ts';

/**
 * The registry behind `/metrics`, for OpenTelemetry's readers: what its specification calls a MetricProducer, a bridge
 * from another source of figures. So each figure is defined once and has one value, however it is looked at.
 */
export class MetricsSource implements metricsSdk.MetricProducer {
  constructor(private readonly metrics: Metrics) {}

  async collect(): Promise<metricsSdk.CollectionResult> {
    const period = { startTime: millisToHrTime(performance.timeOrigin), endTime: hrTime() };
    const figures = await this.metrics.figures();
    return {
      resourceMetrics: {
        // The reader puts its own in its place.
        resource: resources.emptyResource(),
        scopeMetrics: [{ scope: { name: 'mixdown' }, metrics: figures.map((figure) => toMetricData(figure, period)) }],
      },
      errors: [],
    };
  }
}
