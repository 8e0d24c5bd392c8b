import { Injectable } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { Clock } from '#clock';
import type { Caller } from '#http';
import { Log } from '#telemetry';
import { type Close, closes } from './closes.ts';
import { LiveConnection } from './live-connection.ts';
import { LiveConversions } from './live-conversions.ts';
import { LiveMetrics } from './live-metrics.ts';
import { LiveSocket } from './live-socket.ts';
import { Outbox } from './outbox.ts';
import { Wishes } from './wishes.ts';

/** All connections that are open in this process. */
@Injectable()
export class LiveConnections {
  readonly #open = new Set<LiveConnection>();
  readonly #ofUser = new Map<string, number>();

  constructor(
    private readonly conversions: LiveConversions,
    private readonly wishes: Wishes,
    private readonly metrics: LiveMetrics,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get size(): number {
    return this.#open.size;
  }

  sizeOf(userId: string): number {
    return this.#ofUser.get(userId) ?? 0;
  }

  [Symbol.iterator](): Iterator<LiveConnection> {
    return this.#open.values();
  }

  add(webSocket: WebSocket, caller: Caller): void {
    const now = () => this.clock.now().getTime();
    const fail = (error: unknown) => {
      this.log.error({ err: error }, 'a live connection could not be told what it asked for');
      connection.close(closes.failed);
    };
    const socket = new LiveSocket(caller, new Outbox(webSocket, now), this.conversions, this.metrics, fail);
    const connection = new LiveConnection(socket, webSocket, this.wishes, now, fail);
    this.#open.add(connection);
    this.#ofUser.set(caller.userId, this.sizeOf(caller.userId) + 1);
    this.metrics.opened();
    // What breaks the protocol has been answered with a close already.
    webSocket.on('error', (error) => this.log.debug({ err: error }, 'a live connection failed'));
    webSocket.once('close', (code) => this.#remove(connection, code));
  }

  closeAll(close: Close): void {
    for (const connection of this.#open) connection.close(close);
  }

  #remove(connection: LiveConnection, code: number): void {
    const { socket } = connection;
    const { userId } = socket.caller;
    this.#open.delete(connection);
    const left = this.sizeOf(userId) - 1;
    if (left === 0) this.#ofUser.delete(userId);
    else this.#ofUser.set(userId, left);
    this.wishes.forget(socket);
    this.metrics.closed(code);
  }
}
