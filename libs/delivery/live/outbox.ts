import type { WebSocket } from 'ws';
import { limits } from './limits.ts';

/** The way out to one reader: tells when the reader is behind, and since when. What waits in memory stays little. */
export class Outbox {
  #waiting: PromiseWithResolvers<void> | null = null;
  #behindSince: number | null = null;

  /** @param now milliseconds */
  constructor(
    private readonly webSocket: WebSocket,
    private readonly now: () => number,
  ) {
    webSocket.once('close', () => this.#resume());
  }

  get isOpen(): boolean {
    return this.webSocket.readyState === this.webSocket.OPEN;
  }

  /** No more should be sent until {@link room}. */
  get isFull(): boolean {
    return this.webSocket.bufferedAmount > limits.bufferedBytes;
  }

  /** Since when nothing at all could be sent; null when that is not so. */
  get behindSince(): number | null {
    return this.#behindSince;
  }

  send(text: Buffer): void {
    if (this.isOpen) this.webSocket.send(text, { binary: false }, this.#onSent);
  }

  /** Resolves when there is room again, or the connection has closed. */
  room(): Promise<void> {
    if (!this.isFull || !this.isOpen) return Promise.resolve();
    this.#waiting ??= Promise.withResolvers();
    this.#behindSince ??= this.now();
    return this.#waiting.promise;
  }

  /** One for all messages: a closure for each would be memory that a slow reader takes. */
  readonly #onSent = () => {
    if (!this.isFull) this.#resume();
  };

  #resume(): void {
    this.#behindSince = null;
    this.#waiting?.resolve();
    this.#waiting = null;
  }
}
