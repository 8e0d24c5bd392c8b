/**
 * Many uploads at once: how long they take, how many were told to come back, and what they cost the server in memory.
 *
 *   node bench/uploads.bench.ts [--uploads 1000] [--mebibytes 10] [--form multipart|raw]
 *   node bench/uploads.bench.ts --url http://… --token … --pid …      against a server that runs already
 *
 * Without `--url` it starts the built server on a folder of its own, and removes that. Linux only.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { builtMain, memoryOf, register, startServer } from './running-server.ts';
import type { Order, Outcome } from './uploads.client.ts';

const { values: options } = parseArgs({
  options: {
    uploads: { type: 'string', default: '1000' },
    mebibytes: { type: 'string', default: '10' },
    form: { type: 'string', default: 'multipart' },
    main: { type: 'string', default: builtMain },
    url: { type: 'string' },
    token: { type: 'string' },
    pid: { type: 'string' },
  },
});

/** Time in which a server that has just started comes to rest. */
const settleMilliseconds = 3_000;

interface Target {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

async function send(order: Order): Promise<Outcome> {
  const client = fork(new URL('./uploads.client.ts', import.meta.url));
  client.send(order);
  const [outcome] = (await once(client, 'message')) as [Outcome];
  return outcome;
}

async function measure(target: Target): Promise<void> {
  const order: Order = {
    ...{ url: target.url, token: target.token, uploads: Number(options.uploads) },
    ...{ bytes: Number(options.mebibytes) * 1024 ** 2, form: options.form === 'raw' ? 'raw' : 'multipart' },
  };
  await delay(settleMilliseconds);
  // proc(5): forgets the peak of the start.
  await writeFile(`/proc/${target.pid}/clear_refs`, '5');
  const idle = await memoryOf(target.pid, 'VmRSS');
  const { seconds, answers, wrong, latencies } = await send(order);
  const peak = await memoryOf(target.pid, 'VmHWM');
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  console.table({
    uploads: order.uploads,
    'MiB each': order.bytes / 1024 ** 2,
    seconds: Number(seconds.toFixed(1)),
    'MiB/s': Math.round((order.uploads * order.bytes) / 1024 ** 2 / seconds),
    'acknowledged (201)': answers['201'] ?? 0,
    'told to come back (503)': answers['503'] ?? 0,
    'connections reset': answers.reset ?? 0,
    'other answers': JSON.stringify(
      Object.entries(answers).filter(([name]) => !['201', '503', 'reset'].includes(name)),
    ),
    'wrong size or hash': wrong,
    'seconds to 201: median': Number(at(0.5).toFixed(1)),
    'seconds to 201: slowest': Number(at(1).toFixed(1)),
    'idle RSS, MiB': Math.round(idle),
    'peak RSS above idle, MiB': Math.round(peak - idle),
  });
  process.exitCode = wrong === 0 && answers['201'] === order.uploads ? 0 : 1;
}

const { url, token, pid } = options;
if (url !== undefined && token !== undefined && pid !== undefined) {
  await measure({ url, token, pid: Number(pid) });
} else {
  await using server = await startServer({}, options.main);
  await measure({ url: server.url, pid: server.pid, token: await register(server.url) });
}
