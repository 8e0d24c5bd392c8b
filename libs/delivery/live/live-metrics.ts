import { Injectable } from '@nestjs/common';
import { Metrics } from '#telemetry';
import { closeLabel } from './closes.ts';
import type { ServerMessage } from './server-messages.ts';

@Injectable()
export class LiveMetrics {
  readonly #told: (type: ServerMessage['type']) => void;
  readonly #coalesced: () => void;
  readonly #closed: (code: number) => void;
  #open = 0;

  constructor(metrics: Metrics) {
    const told = metrics.counter('mixdown_live_messages_total', 'Messages sent to live connections', ['type']);
    const coalesced = metrics.counter('mixdown_live_coalesced_total', 'News that a later one took the place of', []);
    const closed = metrics.counter('mixdown_live_closed_total', 'Live connections that ended, by close code', ['code']);
    metrics.gauge('mixdown_live_connections', 'Live connections that are open', [], (gauge) => gauge.set(this.#open));
    this.#told = (type) => told.inc({ type });
    this.#coalesced = () => coalesced.inc();
    this.#closed = (code) => closed.inc({ code: closeLabel(code) });
  }

  get open(): number {
    return this.#open;
  }

  opened(): void {
    this.#open += 1;
  }

  closed(code: number): void {
    this.#open -= 1;
    this.#closed(code);
  }

  told(type: ServerMessage['type']): void {
    this.#told(type);
  }

  coalesced(): void {
    this.#coalesced();
  }
}
