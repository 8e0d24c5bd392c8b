/**
 * Many uploads at once: how long they take, how many were told to come back, and what they cost the server in memory.
 *
 *   node bench/uploads.bench.ts [--uploads 1000] [--mebibytes 10] [--form multipart|raw]
 *   node bench/uploads.bench.ts --url http://… --token … --pid …      against a server that runs already
 *
 * Without `--url` it starts the built server on a folder of its own, and removes that. Linux only.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import type { Order, Outcome } from './uploads.client.ts';

const { values: options } = parseArgs({
  options: {
    uploads: { type: 'string', default: '1000' },
    mebibytes: { type: 'string', default: '10' },
    form: { type: 'string', default: 'multipart' },
    main: { type: 'string', default: fileURLToPath(new URL('../dist/apps/standalone/main.js', import.meta.url)) },
    url: { type: 'string' },
    token: { type: 'string' },
    pid: { type: 'string' },
  },
});

/** The flags that `npm start` gives to node. */
const startFlags = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Time in which a server that has just started comes to rest. */
const settleMilliseconds = 3_000;

interface Target extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

async function register(url: string): Promise<string> {
  const body = JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'correct horse battery staple' });
  const send = async (path: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { accessToken: string };
  };
  await send('/v1/auth/register');
  return (await send('/v1/auth/login')).accessToken;
}

async function startServer(main: string): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-bench-'));
  const environment = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data') };
  const server = spawn(process.execPath, [...startFlags, main], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(server);
  return {
    ...{ url, token: await register(url), pid: server.pid ?? 0 },
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended (${code}) before it listened`)));
    if (server.stdout === null) return;
    createInterface({ input: server.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as { msg?: string; url?: string; level?: string };
      if (line.level === 'error') process.stderr.write(`${text}\n`);
      if (line.msg === 'listening' && line.url !== undefined) resolve(line.url);
    });
  });
}

/** @returns MiB */
async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
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
  await measure({ url, token, pid: Number(pid), async [Symbol.asyncDispose]() {} });
} else {
  await using target = await startServer(options.main);
  await measure(target);
}
