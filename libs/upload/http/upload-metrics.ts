import { Injectable } from '@nestjs/common';
import { toProblem } from '#http';
import { Metrics } from '#telemetry';
import { ClientGone } from './client-gone.ts';
import type { Gate } from './gate.ts';

@Injectable()
export class UploadMetrics {
  readonly #accepted;
  readonly #bytes;
  readonly #refused;

  constructor(private readonly metrics: Metrics) {
    this.#accepted = metrics.counter('mixdown_uploads_accepted_total', 'Bodies that were received and stored', []);
    this.#bytes = metrics.counter('mixdown_upload_bytes_total', 'Bytes that were received and stored', []);
    this.#refused = metrics.counter('mixdown_uploads_refused_total', 'Bodies that were not, by reason', ['reason']);
  }

  watch(gate: Gate): void {
    this.metrics.gauge('mixdown_uploads_in_flight', 'Bodies that are being received', [], (gauge) =>
      gauge.set(gate.inside),
    );
    this.metrics.gauge('mixdown_uploads_waiting', 'Bodies that wait for a place', [], (gauge) =>
      gauge.set(gate.waiting),
    );
  }

  accepted(bytes: number): void {
    this.#accepted.inc();
    this.#bytes.inc(bytes);
  }

  refused(error: unknown): void {
    this.#refused.inc({ reason: error instanceof ClientGone ? 'client-gone' : toProblem(error).code });
  }
}
