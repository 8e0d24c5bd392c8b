import type { WebSocket } from 'ws';
import { problemDocument, toProblem } from '#http';
import { Allowance } from './allowance.ts';
import { readClientMessage } from './client-message.ts';
import { type Close, closes } from './closes.ts';
import { intervals, limits } from './limits.ts';
import type { LiveSocket } from './live-socket.ts';
import { toText } from './server-messages.ts';
import type { Wishes } from './wishes.ts';

/** One client's connection: what comes in, one message after the other, and everything that may end it. */
export class LiveConnection {
  readonly #allowance: Allowance;
  #turn: Promise<void> = Promise.resolve();
  #isAlive = true;
  #nextHeartbeat: number;

  /** @param now milliseconds */
  constructor(
    readonly socket: LiveSocket,
    private readonly webSocket: WebSocket,
    private readonly wishes: Wishes,
    private readonly now: () => number,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#allowance = new Allowance(limits.messages, now());
    this.#nextHeartbeat = now() + intervals.heartbeat;
    webSocket.on('pong', () => {
      this.#isAlive = true;
    });
    webSocket.on('ping', () => this.#count());
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (this.#count()) this.#turn = this.#turn.then(() => this.#handle(data, isBinary));
    });
  }

  close({ code, reason }: Close): void {
    this.webSocket.close(code, reason);
  }

  tick(): void {
    const now = this.now();
    const { caller, outbox, pending } = this.socket;
    const { behindSince } = outbox;
    if (!outbox.isOpen) return;
    if (caller.expiresAt.getTime() <= now) this.close(closes.expired);
    else if (behindSince !== null && (now - behindSince >= limits.behindMilliseconds || isTooMuch(pending)))
      this.close(closes.behind);
    else if (now >= this.#nextHeartbeat) this.#beat(now);
  }

  /** A peer that has not answered the last one is gone, whatever its connection says (RFC 6455, 5.5.2). */
  #beat(now: number): void {
    if (!this.#isAlive) {
      this.webSocket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#nextHeartbeat = now + intervals.heartbeat;
    this.webSocket.ping();
  }

  #count(): boolean {
    this.#isAlive = true;
    if (!this.socket.outbox.isOpen) return false;
    if (this.#allowance.take(this.now())) return true;
    this.close(closes.tooManyMessages);
    return false;
  }

  async #handle(data: Buffer, isBinary: boolean): Promise<void> {
    if (!this.socket.outbox.isOpen) return;
    try {
      await this.wishes.fulfil(readClientMessage(data, isBinary), this.socket);
      if (this.socket.subscribed.size > limits.subscriptions) this.close(closes.tooManySubscriptions);
      // It ended while its wish was being fulfilled.
      if (!this.socket.outbox.isOpen) this.wishes.forget(this.socket);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) this.onFailure(error);
      this.socket.outbox.send(toText({ type: 'problem', problem: JSON.parse(problemDocument(problem)) }));
    }
  }
}

function isTooMuch(pending: number): boolean {
  return pending > limits.pendingConversions;
}
