import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { StatusDocument } from '#projections';

/** What a client is told, as loosely as a client reads it. */
export type Heard = { readonly type: string } & Partial<StatusDocument> & {
    readonly to?: string;
    readonly conversion?: string;
    readonly cursor?: string;
    readonly event?: { readonly type: string; readonly revision: number };
    readonly problem?: { readonly code: string; readonly detail?: string; readonly errors?: readonly object[] };
  };

export interface LiveClientOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly path?: string;
  /** False: answers no ping. */
  readonly autoPong?: boolean;
}

/** A WebSocket client that keeps everything it was told. */
export class LiveClient {
  readonly heard: Heard[] = [];
  readonly #changed = new EventTarget();
  #taken = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as Heard);
      this.#changed.dispatchEvent(new Event('change'));
    });
  }

  /** @throws what the server answered instead of 101, as `<status> <body>` */
  static async open(url: string, options: LiveClientOptions) {
    const { token, headers = {}, protocols = [], path = '/v1/live', autoPong = true } = options;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, [...protocols], {
      ...{ headers: { ...authorization, ...headers }, perMessageDeflate: true, autoPong },
    });
    const client = new LiveClient(socket);
    const refused = Promise.withResolvers<never>();
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => refused.reject(new Refused(response.statusCode ?? 0, response.headers, text)));
    });
    await Promise.race([once(socket, 'open'), refused.promise]);
    return client;
  }

  say(message: unknown): this {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    return this;
  }

  /** The first message of this type that has not been taken by an earlier call; those before it are passed over. */
  async next(type: string, matches: (heard: Heard) => boolean = () => true): Promise<Heard> {
    for (;;) {
      for (const heard of this.heard.slice(this.#taken)) {
        this.#taken += 1;
        if (heard.type === type && matches(heard)) return heard;
      }
      await once(this.#changed, 'change');
    }
  }

  async closed(): Promise<readonly [code: number, reason: string]> {
    const [code, reason] = (await once(this.socket, 'close')) as [number, Buffer];
    return [code, reason.toString()];
  }
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, unknown>>,
    readonly text: string,
  ) {
    super(`${status} ${text}`);
    this.name = 'Refused';
  }

  get problem(): { readonly code: string; readonly detail?: string } {
    return JSON.parse(this.text) as { code: string; detail?: string };
  }
}
