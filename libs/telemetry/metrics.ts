import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';

const FigureValue = z.object({
  /** NaN and infinities among them, which zod's own numbers exclude. */
  value: z.custom<number>((value) => typeof value === 'number'),
  labels: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Of a histogram: which of its series this belongs to. */
  metricName: z.string().optional(),
});
export type FigureValue = z.infer<typeof FigureValue>;

/** The registry's own types have numbers where strings are. */
const Figure = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram']),
  values: z.array(FigureValue),
});
export type Figure = z.infer<typeof Figure>;

/** Figures for Prometheus. Names begin with `mixdown_` and end with their unit. */
export class Metrics {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  /** @param collect sets the value when it is asked for */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    collect?: (gauge: Gauge) => void | Promise<void>,
  ): Gauge {
    return new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers: [this.#registry] },
      ...(collect === undefined
        ? {}
        : {
            async collect(this: Gauge) {
              await collect(this);
            },
          }),
    });
  }

  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): Histogram {
    return new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** What the text says, as data. */
  async figures(): Promise<readonly Figure[]> {
    return z.array(Figure).parse(await this.#registry.getMetricsAsJSON());
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
