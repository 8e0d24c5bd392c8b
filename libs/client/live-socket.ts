import type { Pause } from './pause.ts';

export interface SocketOptions {
  readonly WebSocket: typeof globalThis.WebSocket;
  /** Without a token in it: URLs end up in logs. */
  readonly url: string;
  readonly bearer: string | null;
  /** Sent when the connection is open. */
  readonly subscription: object;
  readonly pause: Pause;
  readonly signal: AbortSignal | undefined;
}

/** Nothing has come for a while: perhaps there is nothing to say, perhaps nobody is there. */
export const quiet = Symbol('quiet');
const quietMilliseconds = 30_000;

/** The messages of one WebSocket connection; ends when it does, however that is. */
export async function* socketMessages(options: SocketOptions): AsyncGenerator<unknown, void, void> {
  const { WebSocket, url, bearer, subscription, pause, signal } = options;
  signal?.throwIfAborted();
  const socket = new WebSocket(url, bearer === null ? ['mixdown.v1'] : ['mixdown.v1', `bearer.${bearer}`]);
  const received: unknown[] = [];
  let isClosed = false;
  let changed = Promise.withResolvers<void>();
  socket.addEventListener('open', () => socket.send(JSON.stringify(subscription)));
  socket.addEventListener('message', ({ data }) => {
    received.push(parse(data));
    changed.resolve();
  });
  const end = () => {
    isClosed = true;
    changed.resolve();
  };
  // An error is followed by a close, which is all that matters.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', end);
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (;;) {
      changed = Promise.withResolvers();
      while (received.length > 0) yield received.shift();
      signal?.throwIfAborted();
      if (isClosed) return;
      if (received.length === 0 && !(await changesSoon(changed.promise, pause))) yield quiet;
    }
  } finally {
    signal?.removeEventListener('abort', end);
    socket.close();
  }
}

async function changesSoon(changed: Promise<void>, pause: Pause): Promise<boolean> {
  const over = new AbortController();
  const waited = pause(quietMilliseconds, over.signal).then(
    () => false,
    () => true,
  );
  const isChanged = await Promise.race([changed.then(() => true), waited]);
  over.abort();
  return isChanged;
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    // Nothing that this version knows.
    return null;
  }
}
