/** The other side of live.bench.ts: two thousand watchers in a process of their own. */
import { WebSocket } from 'ws';

export interface Order {
  readonly url: string;
  readonly sockets: readonly { readonly token: string; readonly conversion: string }[];
}

export interface Outcome {
  /** Milliseconds from when an event was decided, as its time says, to when a watcher had it; in order. */
  readonly latencies: readonly number[];
  readonly messages: Readonly<Record<string, number>>;
  /** Connections that ended, by close code. */
  readonly closed: Readonly<Record<string, number>>;
}

interface Told {
  readonly type: string;
  readonly event?: { readonly time: string };
}

const openAtOnce = 50;
const latencies: number[] = [];
const messages: Record<string, number> = {};
const closed: Record<string, number> = {};
let isMeasuring = false;

function hear(data: Buffer): void {
  const now = performance.timeOrigin + performance.now();
  if (!isMeasuring) return;
  const { type, event } = JSON.parse(data.toString()) as Told;
  messages[type] = (messages[type] ?? 0) + 1;
  if (event !== undefined) latencies.push(now - Date.parse(event.time));
}

function open(url: string, { token, conversion }: Order['sockets'][number]): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['mixdown.v1', `bearer.${token}`]);
  socket.on('close', (code) => {
    closed[code] = (closed[code] ?? 0) + 1;
  });
  socket.on('message', hear);
  socket.once('open', () => socket.send(JSON.stringify({ subscribe: { conversion, fromRevision: 0 } })));
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
}

/** First `opened`, then the outcome when it is asked for with `report`; until `measure` nothing counts. */
async function run({ url, sockets }: Order): Promise<void> {
  for (let from = 0; from < sockets.length; from += openAtOnce) {
    await Promise.all(sockets.slice(from, from + openAtOnce).map((socket) => open(url, socket)));
  }
  process.send?.('opened');
}

// Without whoever asked, nobody would end it.
process.once('disconnect', () => process.exit());
process.on('message', (message: Order | 'measure' | 'report') => {
  if (message === 'measure') {
    isMeasuring = true;
  } else if (message === 'report') {
    const outcome: Outcome = { latencies: latencies.toSorted((a, b) => a - b), messages, closed };
    process.send?.(outcome, () => process.exit());
  } else {
    run(message).catch((error: unknown) => {
      throw error;
    });
  }
});
