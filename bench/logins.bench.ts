/**
 * Many logins at once: how long they take, how many were told to come back, and what they cost the server in memory.
 *
 *   node bench/logins.bench.ts [--logins 1000]
 *
 * Starts the built server on a folder of its own, and removes that. Linux only.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { expectOk, post } from '../test/support/client.ts';
import { System, temporaryFolder } from '../test/support/system.ts';

const { values: options } = parseArgs({ options: { logins: { type: 'string', default: '1000' } } });
const logins = Number(options.logins);
const credentials = { email: 'me@example.org', password: 'correct horse battery staple' };
/** Time in which a server that has just started comes to rest. */
const settleMilliseconds = 3_000;
const patienceMilliseconds = 300_000;

interface Outcome {
  /** By status of the answer; `reset` when the connection ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Seconds from the first try to the 200, fastest first. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/** @returns MiB */
async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
}

/** All begin at once, and come back when they are told to. */
async function logInAll(url: string): Promise<Outcome> {
  const answers: Record<string, number> = {};
  const latencies: number[] = [];
  const begun = performance.now();
  async function logIn(): Promise<void> {
    while (performance.now() - begun < patienceMilliseconds) {
      // A connection each: one that is kept may be closed by the server in the moment in which it is used again.
      const response = await post(`${url}/v1/auth/login`, credentials, { connection: 'close' }).catch(() => null);
      const name = String(response?.status ?? 'reset');
      answers[name] = (answers[name] ?? 0) + 1;
      await response?.arrayBuffer();
      if (response?.ok === true) {
        latencies.push((performance.now() - begun) / 1_000);
        return;
      }
      await delay(Number(response?.headers.get('retry-after') ?? 1) * 1_000);
    }
  }
  await Promise.all(Array.from({ length: logins }, logIn));
  return { answers, latencies: latencies.toSorted((a, b) => a - b), seconds: (performance.now() - begun) / 1_000 };
}

await using folder = await temporaryFolder();
const system = await System.start(join(folder.path, 'data'));
try {
  await expectOk(post(`${system.url}/v1/auth/register`, credentials));
  await delay(settleMilliseconds);
  // proc(5): forgets the peak of the start.
  await writeFile(`/proc/${system.pid}/clear_refs`, '5');
  const idle = await memoryOf(system.pid, 'VmRSS');
  const { answers, latencies, seconds } = await logInAll(system.url);
  const peak = await memoryOf(system.pid, 'VmHWM');
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  console.table({
    logins,
    seconds: Number(seconds.toFixed(1)),
    'answered (200)': answers['200'] ?? 0,
    'told to come back (503)': answers['503'] ?? 0,
    'over the limit of an address (429)': answers['429'] ?? 0,
    'connections reset': answers.reset ?? 0,
    'seconds to 200: median': Number(at(0.5).toFixed(1)),
    'seconds to 200: slowest': Number(at(1).toFixed(1)),
    'idle RSS, MiB': Math.round(idle),
    'peak RSS above idle, MiB': Math.round(peak - idle),
  });
  process.exitCode = answers['200'] === logins ? 0 : 1;
} finally {
  await system.stop();
}
