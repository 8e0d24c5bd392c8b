import { Injectable } from '@nestjs/common';
import { type WebSocket, WebSocketServer } from 'ws';
import { Config } from '#config';
import { type Caller, Callers, OpenStreams, Problem, type Upgrade, Upgrades } from '#http';
import { closes } from './closes.ts';
import { type Origins, readHandshake, subprotocol } from './handshake.ts';
import { intervals, limits } from './limits.ts';
import { LiveConnections } from './live-connections.ts';

export const livePath = '/v1/live';
const scope = 'conversions:read';
/** An option of `ws` since 8.19. */
const notInTheTypes = { closeTimeout: intervals.closing };

/** Lets clients in, or answers before the connection becomes a WebSocket: what is refused gets an HTTP problem. */
@Injectable()
export class LiveServer {
  readonly #origins: Origins;
  readonly #server = new WebSocketServer({
    ...notInTheTypes,
    noServer: true,
    clientTracking: false,
    // A compressor for each connection is memory that a thousand of them do not leave.
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    // The other subprotocol that clients offer is their token.
    handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
  });

  constructor(
    private readonly callers: Callers,
    private readonly connections: LiveConnections,
    private readonly streams: OpenStreams,
    upgrades: Upgrades,
    { corsOrigins, publicUrl }: Config,
  ) {
    this.#origins = { allowed: corsOrigins, own: publicUrl === undefined ? undefined : new URL(publicUrl).origin };
    upgrades.route(livePath, (upgrade) => this.#take(upgrade));
    // Before the server closes: it would wait for these connections for ever.
    streams.closing.addEventListener('abort', () => this.close(), { once: true });
  }

  close(): void {
    this.connections.closeAll(closes.restart);
  }

  async #take(upgrade: Upgrade): Promise<void> {
    const credential = readHandshake(upgrade.request, this.#origins);
    if (this.connections.size >= limits.sockets) throw new Problem('busy', undefined, { retryAfterSeconds: 5 });
    const caller = await this.callers.authenticate(credential);
    this.#refuse(caller);
    const webSocket = this.#accept(upgrade);
    if (webSocket === null) return;
    this.connections.add(webSocket, caller);
    if (this.streams.closing.aborted) webSocket.close(closes.restart.code, closes.restart.reason);
  }

  #refuse({ scopes, userId }: Caller): void {
    if (!scopes.includes(scope)) {
      throw new Problem('missing-scope', `This needs a credential with the scope ${scope}.`);
    }
    if (this.connections.sizeOf(userId) < limits.socketsPerUser) return;
    throw new Problem('rate-limited', `You have ${limits.socketsPerUser} live connections already.`, {
      retryAfterSeconds: 30,
    });
  }

  /** Null when the client has gone meanwhile. @throws Problem `invalid-request` for a broken handshake */
  #accept({ request, socket, head }: Upgrade): WebSocket | null {
    let accepted: WebSocket | null = null;
    const refuse = (error: Error) => {
      throw new Problem('invalid-request', `${error.message}.`, { headers: { 'Sec-WebSocket-Version': '13' } });
    };
    this.#server.once('wsClientError', refuse);
    try {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => {
        accepted = webSocket;
      });
    } finally {
      this.#server.off('wsClientError', refuse);
    }
    return accepted;
  }
}
