import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Conversion } from './documents.ts';
import type { Pause } from './pause.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, asked: Asked) => void;

/** A server that answers as it is told: the next answer to each request, the last one again and again. */
export class FakeServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  answers: Answer[] = [];

  private constructor(
    readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FakeServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void fake.#answer(request, response));
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', headers } = request;
    const asked = { method, path: url, headers, body };
    this.asked.push(asked);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    answer?.(response, asked);
  }
}

export function json(value: unknown, status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function problem(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const document = JSON.stringify({
    type: `/problems/${code}`,
    status,
    code,
    title: code,
    detail: `the detail of ${code}`,
  });
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(document);
}

/** The connection ends without an answer. */
export const lost: Answer = (response) => response.destroy();

/** Waits for nothing, and remembers for how long it should have. */
export function noPause(): { readonly pause: Pause; readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    pause: async (milliseconds, signal) => {
      waits.push(milliseconds);
      signal?.throwIfAborted();
    },
  };
}

export function conversion(revision: number, more: Partial<Conversion> = {}): Conversion {
  const waiting = { status: 'waiting', percent: 0 } as const;
  return {
    ...{ id: 'c1', uploadId: 'u1', status: 'running', progress: revision, eta: null, priority: 'normal', attempts: 0 },
    phases: { inspect: waiting, encode: waiting, join: waiting },
    settings: { format: 'mp3', quality: { mode: 'vbr', level: 2 } },
    ...{ source: null, output: null, error: null, metadata: null, retryOf: null, revision },
    ...{ createdAt: '2026-01-01T00:00:00.000Z', startedAt: null, finishedAt: null },
    ...{ queueSeconds: null, encodeSeconds: null },
    ...more,
  };
}
