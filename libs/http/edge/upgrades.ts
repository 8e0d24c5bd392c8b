import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { serviceOf } from '#contracts';
import { Log, startServerSpan, withSpan } from '#telemetry';
import { endWithProblem } from '../problems/end-with-problem.ts';
import { Problem } from '../problems/problem.ts';
import { toProblem } from '../problems/to-problem.ts';
import { OpenStreams } from '../responses/open-streams.ts';
import { endRequestSpan } from './request-span.ts';

/** A request for WebSocket, before it is answered. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client has sent behind its request already. */
  readonly head: Buffer;
}

/** Takes the connection over, and answers 101. @throws Problem that is the answer instead */
export type TakeUpgrade = (upgrade: Upgrade) => Promise<void>;

/** Brings requests for WebSocket to whoever takes them at their path; all others are answered with a problem. */
@Injectable()
export class Upgrades {
  readonly #routes = new Map<string, TakeUpgrade>();

  constructor(
    private readonly streams: OpenStreams,
    private readonly log: Log,
  ) {}

  route(path: string, take: TakeUpgrade): void {
    this.#routes.set(path, take);
  }

  async handle(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    const { traceparent } = request.headers;
    const path = pathOf(request);
    socket.on('error', () => socket.destroy());
    const span = startServerSpan(typeof traceparent === 'string' ? traceparent : undefined, 'GET', {
      'http.request.method': 'GET',
      'url.path': path,
    });
    await withSpan(span, async () => {
      const problem = await this.#take(path, upgrade);
      const status = problem?.status ?? 101;
      this.log.info({ method: request.method, path, status, service: serviceOf(path) ?? 'none' }, 'upgrade');
      if (problem !== null) endWithProblem(socket, problem);
      endRequestSpan(span, 'GET', this.#routes.has(path) ? path : null, status);
    });
  }

  async #take(path: string, upgrade: Upgrade): Promise<Problem | null> {
    try {
      if (this.streams.closing.aborted) throw new Problem('busy', 'The service restarts.', { retryAfterSeconds: 1 });
      const take = this.#routes.get(path);
      if (take === undefined) throw new Problem('not-found', 'There is no WebSocket at this address.');
      await take(upgrade);
      return null;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500 && problem.code !== 'busy') this.log.error({ err: error }, 'an upgrade failed');
      return problem;
    }
  }
}

/** Without the query: that is nobody's business but the taker's, and never goes into a log. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}

export function takeUpgrades(server: Server, upgrades: Upgrades): void {
  // Another protocol is a wish that may be ignored (RFC 9110, 7.8), such as curl's for HTTP/2: a normal request.
  Object.assign(server, { shouldUpgradeCallback: asksForWebSocket });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void upgrades.handle({ request, socket, head });
  });
}

function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}
