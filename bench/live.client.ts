/** The other side of live.bench.ts: two thousand watchers in a process of their own. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What the bench asks for, one after the other; each is answered when it is done. */
export type Order =
  /** A connection for each of these tokens. */
  | { readonly open: { readonly url: string; readonly tokens: readonly string[] } }
  /** The connections of each token in turn watch these conversions of theirs. */
  | { readonly watch: readonly { readonly token: string; readonly conversion: string }[] }
  /** Ends it. */
  | 'report';

export interface Outcome {
  /** Milliseconds from when an event was decided, as its time says, to when a watcher had it; smallest first. */
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
const sockets: { readonly token: string; readonly socket: WebSocket }[] = [];
const latencies: number[] = [];
const messages: Record<string, number> = {};
const closed: Record<string, number> = {};
/** Events from before all were watching came as history. */
let watchingSince = Number.POSITIVE_INFINITY;

const now = () => performance.timeOrigin + performance.now();

function hear(data: Buffer): void {
  const at = now();
  const { type, event } = JSON.parse(data.toString()) as Told;
  messages[type] = (messages[type] ?? 0) + 1;
  if (event === undefined) return;
  const time = Date.parse(event.time);
  if (time > watchingSince) latencies.push(at - time);
}

async function open(url: string, token: string): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['mixdown.v1', `bearer.${token}`]);
  socket.on('close', (code) => {
    closed[code] = (closed[code] ?? 0) + 1;
  });
  socket.on('message', hear);
  await once(socket, 'open');
  sockets.push({ token, socket });
}

async function openAll(url: string, tokens: readonly string[]): Promise<void> {
  for (let from = 0; from < tokens.length; from += openAtOnce) {
    await Promise.all(tokens.slice(from, from + openAtOnce).map((token) => open(url, token)));
  }
}

async function watch(watched: readonly { readonly token: string; readonly conversion: string }[]): Promise<void> {
  const turns = new Map<string, number>();
  await Promise.all(
    sockets.map(async ({ token, socket }) => {
      const own = watched.filter((one) => one.token === token);
      const turn = turns.get(token) ?? 0;
      turns.set(token, turn + 1);
      const conversion = own[turn % own.length]?.conversion;
      socket.send(JSON.stringify({ subscribe: { conversion, fromRevision: 0 } }));
      await once(socket, 'message');
    }),
  );
  watchingSince = now();
}

// Without whoever asked, nobody would end it.
process.once('disconnect', () => process.exit());
process.on('message', async (order: Order) => {
  if (order === 'report') {
    const outcome: Outcome = { latencies: latencies.toSorted((a, b) => a - b), messages, closed };
    process.send?.(outcome, () => process.exit());
    return;
  }
  if ('open' in order) await openAll(order.open.url, order.open.tokens);
  else await watch(order.watch);
  process.send?.('done');
});
