/** A server under measurement: a process of its own on an empty data folder, started as `npm start` does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

export const builtMain = fileURLToPath(new URL('../dist/apps/standalone/main.js', import.meta.url));
const startFlags = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

export async function startServer(
  environment: Readonly<Record<string, string>> = {},
  main: string = builtMain,
): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-bench-'));
  const server = spawn(process.execPath, [...startFlags, main], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data'), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    ...{ url: await listening(server), pid: server.pid ?? 0 },
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

/** @returns the token of a new user */
export async function register(url: string): Promise<string> {
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

/** @returns MiB */
export async function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
}

/** The value that this share of the sorted values does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
