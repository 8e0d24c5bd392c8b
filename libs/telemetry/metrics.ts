import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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

  get contentType(): string {
    return this.#registry.contentType;
  }
}
