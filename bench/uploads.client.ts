/** The other side of uploads.bench.ts: a process of its own, so that its memory is not taken for the server's. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Order {
  readonly url: string;
  readonly token: string;
  /** How many, all begun at once. */
  readonly uploads: number;
  readonly bytes: number;
  readonly form: 'multipart' | 'raw';
}

export interface Outcome {
  readonly seconds: number;
  /** By status of the answer; `reset` when the connection ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Acknowledged with a size or hash that is not what was sent. */
  readonly wrong: number;
  /** Seconds from the first try to the 201, slowest last. */
  readonly latencies: readonly number[];
}

interface Answer {
  readonly status: number;
  readonly retryAfterSeconds: number;
  readonly text: string;
}

const boundary = 'mixdown-bench-boundary';
const head = Buffer.from(
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="video.mp4"\r\nContent-Type: video/mp4\r\n\r\n`,
);
const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
/** The same memory is sent again and again: a body of any size costs nothing here. */
const block = Buffer.alloc(64 * 1024, 'mixdown ');
const patienceMilliseconds = 900_000;

function* bodyOf({ bytes, form }: Order): Generator<Buffer> {
  if (form === 'multipart') yield head;
  for (let left = bytes; left > 0; left -= block.length) yield left >= block.length ? block : block.subarray(0, left);
  if (form === 'multipart') yield tail;
}

function sha256Of(order: Order): string {
  const hash = createHash('sha256');
  for (const chunk of bodyOf({ ...order, form: 'raw' })) hash.update(chunk);
  return hash.digest('hex');
}

/** One try. Stops sending as soon as an answer comes, as clients should. */
function tryOnce(order: Order, agent: Agent): Promise<Answer> {
  const isForm = order.form === 'multipart';
  const outgoing = request(`${order.url}/v1/uploads?filename=video.mp4`, {
    agent,
    method: 'POST',
    headers: {
      authorization: `Bearer ${order.token}`,
      'content-type': isForm ? `multipart/form-data; boundary=${boundary}` : 'video/mp4',
      'content-length': order.bytes + (isForm ? head.length + tail.length : 0),
    },
  });
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    outgoing.once('response', (incoming) => {
      isAnswered = true;
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        const retryAfterSeconds = Number(incoming.headers['retry-after'] ?? 1);
        resolve({ status: incoming.statusCode ?? 0, retryAfterSeconds, text });
        outgoing.destroy();
      });
    });
    outgoing.once('close', () => reject(new Error('closed without an answer')));
    outgoing.on('error', reject);
    const body = bodyOf(order);
    const sendMore = () => {
      for (;;) {
        if (isAnswered || outgoing.destroyed) return;
        const { value, done } = body.next();
        if (done === true) {
          outgoing.end();
          return;
        }
        if (!outgoing.write(value)) {
          outgoing.once('drain', sendMore);
          return;
        }
      }
    };
    sendMore();
  });
}

async function run(order: Order): Promise<Outcome> {
  const agent = new Agent({ keepAlive: false });
  const expected = sha256Of(order);
  const answers: Record<string, number> = {};
  const latencies: number[] = [];
  let wrong = 0;
  const begun = performance.now();
  async function uploadUntilTaken(): Promise<void> {
    while (performance.now() - begun < patienceMilliseconds) {
      const answer = await tryOnce(order, agent).catch(() => null);
      const name = String(answer?.status ?? 'reset');
      answers[name] = (answers[name] ?? 0) + 1;
      if (answer?.status === 201) {
        const { bytes, sha256 } = JSON.parse(answer.text) as { bytes: number; sha256: string };
        if (bytes !== order.bytes || sha256 !== expected) wrong += 1;
        latencies.push((performance.now() - begun) / 1_000);
        return;
      }
      await delay((answer?.retryAfterSeconds ?? 1) * 1_000);
    }
  }
  await Promise.all(Array.from({ length: order.uploads }, uploadUntilTaken));
  return {
    seconds: (performance.now() - begun) / 1_000,
    answers,
    wrong,
    latencies: latencies.toSorted((a, b) => a - b),
  };
}

// Without whoever asked, nobody would end it.
process.once('disconnect', () => process.exit());
process.once('message', (order: Order) => {
  run(order).then(
    (outcome) => process.send?.(outcome, () => process.disconnect()),
    (error: unknown) => {
      throw error;
    },
  );
});
