import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Client, LiveEvent, Status } from './client.ts';

/** What a client is told over `/v1/live`. */
export type LiveMessage = { readonly type: string } & Partial<Status> & {
    readonly conversion?: string;
    readonly event?: LiveEvent;
    readonly cursor?: string;
  };

/** A WebSocket of a browser's kind: the token goes as a subprotocol. Keeps everything it was told. */
export class Live {
  readonly told: LiveMessage[] = [];
  readonly #changed = new EventTarget();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.told.push(JSON.parse(data.toString()) as LiveMessage);
      this.#changed.dispatchEvent(new Event('change'));
    });
  }

  static async open({ url, token }: Client): Promise<Live> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['mixdown.v1', `bearer.${token}`], {
      headers: { origin: url },
    });
    await once(socket, 'open');
    return new Live(socket);
  }

  subscribe(to: 'all' | { readonly conversion: string; readonly fromRevision?: number }): void {
    this.socket.send(JSON.stringify({ subscribe: to }));
  }

  /** The first message that matches, told already or to come. */
  async find(matches: (message: LiveMessage) => boolean): Promise<LiveMessage> {
    for (;;) {
      const found = this.told.find(matches);
      if (found !== undefined) return found;
      await once(this.#changed, 'change');
    }
  }

  get events(): readonly LiveEvent[] {
    return this.told.flatMap(({ event }) => event ?? []);
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }
}
