import { metrics as sdk } from '@opentelemetry/sdk-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { Metrics } from '../metrics.ts';
import { toMetricData } from './metric-data.ts';

const period = { startTime: [1, 0], endTime: [2, 0] } satisfies Record<string, [number, number]>;
let metrics: Metrics;
beforeEach(() => {
  metrics = new Metrics();
});

async function exported(name: string): Promise<sdk.MetricData> {
  const figure = (await metrics.figures()).find((one) => one.name === name);
  if (figure === undefined) throw new Error(`there is no ${name}`);
  return toMetricData(figure, period);
}

describe('a figure of Prometheus, for OpenTelemetry', () => {
  it('counts as it counts', async () => {
    metrics.counter('mixdown_upload_bytes_total', 'Bytes', ['reason']).inc({ reason: 'busy' }, 42);
    expect(await exported('mixdown_upload_bytes_total')).toMatchObject({
      descriptor: { name: 'mixdown_upload_bytes_total', description: 'Bytes', unit: 'By' },
      dataPointType: sdk.DataPointType.SUM,
      aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
      isMonotonic: true,
      dataPoints: [{ attributes: { reason: 'busy' }, value: 42, ...period }],
    });
  });

  it('measures when it is asked', async () => {
    metrics.gauge('mixdown_queue_age_seconds', 'Age', [], (gauge) => gauge.set(7));
    expect(await exported('mixdown_queue_age_seconds')).toMatchObject({
      descriptor: { unit: 's' },
      dataPointType: sdk.DataPointType.GAUGE,
      dataPoints: [{ attributes: {}, value: 7 }],
    });
  });

  it('has each value in one bucket, for each set of labels', async () => {
    const histogram = metrics.histogram('mixdown_took_seconds', 'Time', ['status'], [1, 2]);
    for (const took of [0.5, 1, 1.5, 9]) histogram.observe({ status: 200 }, took);
    histogram.observe({ status: 503 }, 1.25);
    expect(await exported('mixdown_took_seconds')).toMatchObject({
      dataPointType: sdk.DataPointType.HISTOGRAM,
      dataPoints: [
        {
          attributes: { status: '200' },
          value: { buckets: { boundaries: [1, 2], counts: [2, 1, 1] }, sum: 12, count: 4 },
        },
        { attributes: { status: '503' }, value: { buckets: { counts: [0, 1, 0] }, sum: 1.25, count: 1 } },
      ],
    });
  });

  it('is there, whatever it is', async () => {
    const figures = await metrics.figures();
    expect(figures.map((figure) => toMetricData(figure, period).descriptor.name)).toEqual(
      figures.map(({ name }) => name),
    );
    expect(figures.map(({ name }) => name)).toContain('nodejs_gc_duration_seconds');
  });
});
