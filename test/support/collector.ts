import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import {
  type CollectedMetric,
  type CollectedSpan,
  metricsOf,
  type OtlpMetrics,
  type OtlpTraces,
  spansOf,
} from './otlp.ts';

/** A collector of traces and metrics on loopback, for OTLP over HTTP as JSON. */
export class Collector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = [];
  /** The latest of each. */
  readonly metrics = new Map<string, CollectedMetric>();
  #arrived = Promise.withResolvers<void>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const collector = new Collector(server, `http://127.0.0.1:${port}`);
    server.on('request', async (request, response) => {
      await collector.#take(request);
      response.setHeader('content-type', 'application/json').end('{}');
    });
    return collector;
  }

  /** What makes a system send everything here, soon. */
  get environment(): Readonly<Record<string, string>> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: this.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
    };
  }

  /** Resolves with what `look` finds, as soon as it finds something in what has come. */
  async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const arrived = this.#arrived.promise;
      const found = look();
      if (found !== undefined) return found;
      await arrived;
    }
  }

  /** Resolves with the span of that name that fits, when it has come. */
  span(name: string, fits: (span: CollectedSpan) => boolean = () => true): Promise<CollectedSpan> {
    return this.until(() => this.spans.find((span) => span.name === name && fits(span)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = await json(request);
    if (request.url === '/v1/traces') this.spans.push(...spansOf(body as OtlpTraces));
    if (request.url === '/v1/metrics')
      for (const metric of metricsOf(body as OtlpMetrics)) this.metrics.set(metric.name, metric);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}
