/** Two thousand connections that watch fifty conversions: how soon each hears of an event, and what it costs. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Order, Outcome } from './live.client.ts';
import { convert, makeLongAudio, upload } from './long-audio.ts';
import { memoryOf, quantile, register, startServer } from './running-server.ts';

const sockets = 2_000;
const conversions = 50;
const users = 5;
/** Long enough that all of them run at the same time. */
const audioSeconds = 90;
const pollMilliseconds = 500;
const settleMilliseconds = 3_000;

const hasEnded = (status: string) => ['completed', 'failed', 'cancelled'].includes(status);

await using audio = await makeLongAudio(audioSeconds);
await using server = await startServer({ ENCODER_CONCURRENCY: String(conversions) });
const { url, pid } = server;

interface User {
  readonly token: string;
  readonly uploadId: string;
}

interface Watched {
  readonly token: string;
  readonly conversion: string;
}

async function makeUsers(): Promise<readonly User[]> {
  const made: User[] = [];
  for (let n = 0; n < users; n += 1) {
    const token = await register(url);
    made.push({ token, uploadId: await upload(url, token, audio) });
  }
  return made;
}

async function begin(owners: readonly User[]): Promise<readonly Watched[]> {
  const begun: Watched[] = [];
  while (begun.length < conversions) {
    for (const { token, uploadId } of owners) begun.push({ token, conversion: await convert(url, token, uploadId) });
  }
  return begun;
}

/** @returns how many were completed */
async function untilAllEnded(watched: readonly Watched[]): Promise<number> {
  let completed = 0;
  for (const { token, conversion } of watched) {
    const headers = { authorization: `Bearer ${token}` };
    for (let status = 'queued'; !hasEnded(status); await delay(pollMilliseconds)) {
      const response = await fetch(`${url}/v1/conversions/${conversion}`, { headers });
      ({ status } = (await response.json()) as { status: string });
      if (status === 'completed') completed += 1;
    }
  }
  return completed;
}

const client = fork(new URL('./live.client.ts', import.meta.url));
async function ask(order: Order): Promise<unknown> {
  client.send(order);
  const [answer] = await once(client, 'message');
  return answer;
}

const owners = await makeUsers();
await delay(settleMilliseconds);
// proc(5): forgets the peak of the start.
await writeFile(`/proc/${pid}/clear_refs`, '5');
const idle = await memoryOf(pid, 'VmRSS');
const tokens = Array.from({ length: sockets / users }, () => owners.map(({ token }) => token)).flat();
await ask({ open: { url, tokens } });
const connected = await memoryOf(pid, 'VmRSS');
const watched = await begin(owners);
await ask({ watch: watched });
const completed = await untilAllEnded(watched);
await delay(settleMilliseconds);
const { latencies, messages, closed } = (await ask('report')) as Outcome;
const peak = await memoryOf(pid, 'VmHWM');

const at = (share: number) => Math.round(quantile(latencies, share));
console.table({
  'connections that watch': tokens.length,
  'conversions completed': `${completed} of ${conversions}`,
  'events told': messages.event ?? 0,
  'of these live, and measured': latencies.length,
  'statuses told': messages.conversion ?? 0,
  'progress told': messages.progress ?? 0,
  'from decision to watcher, p50, ms': at(0.5),
  'from decision to watcher, p95, ms': at(0.95),
  'from decision to watcher, p99, ms': at(0.99),
  'connections lost': JSON.stringify(closed),
  'idle RSS, MiB': Math.round(idle),
  'KiB for each connection': Math.round(((connected - idle) * 1_024) / sockets),
  'peak RSS above idle, with 50 encoders to talk to, MiB': Math.round(peak - idle),
});
process.exitCode = completed === conversions && Object.keys(closed).length === 0 ? 0 : 1;
