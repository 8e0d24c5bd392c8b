import type { Attributes, HrTime } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import type { Figure, FigureValue } from '../metrics.ts';

const { AggregationTemporality, DataPointType } = metrics;

/** Since when the process counts, and now. */
export interface Period {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** UCUM's, by the unit that a name ends with. */
const units: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By' };

/** A figure of Prometheus as OpenTelemetry has it, under the same name, so that both can be asked for alike. */
export function toMetricData(figure: Figure, period: Period): metrics.MetricData {
  const { name, help, type, values } = figure;
  const common = {
    descriptor: { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = () => values.map(({ value, labels }) => ({ ...period, attributes: attributesOf(labels), value }));
  switch (type) {
    case 'counter':
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() };
    case 'gauge':
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: points() };
    case 'histogram':
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(name, values, period) };
  }
}

function unitOf(name: string): string {
  const word = name
    .replace(/_total$/, '')
    .split('_')
    .at(-1);
  return units[word ?? ''] ?? '';
}

function attributesOf(labels: FigureValue['labels']): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]));
}

/** Prometheus counts a value in every bucket whose bound it does not exceed; OpenTelemetry in the first of them only. */
function histograms(name: string, values: readonly FigureValue[], period: Period) {
  const byLabels = Map.groupBy(values, ({ labels: { le: _le, ...labels } }) => JSON.stringify(labels));
  return [...byLabels.values()].map((series) => {
    const named = (suffix: string) => series.filter(({ metricName }) => metricName === `${name}_${suffix}`);
    const cumulative = named('bucket').map(({ value }) => value);
    const bounds = named('bucket').map(({ labels }) => Number(labels.le));
    const { le: _le, ...labels } = series[0]?.labels ?? {};
    return {
      ...period,
      attributes: attributesOf(labels),
      value: {
        buckets: {
          boundaries: bounds.filter(Number.isFinite),
          counts: cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0)),
        },
        sum: named('sum')[0]?.value ?? 0,
        count: named('count')[0]?.value ?? 0,
      },
    };
  });
}
