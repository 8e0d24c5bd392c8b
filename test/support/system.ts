import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkAnswers } from './documented.ts';

/** One line of the process's log. */
export interface LogLine {
  readonly msg?: string;
  readonly url?: string;
  readonly level?: string;
  readonly trace_id?: string;
}

const main = new URL('../../dist/apps/standalone/main.js', import.meta.url).pathname;

/** With ADVERSE_SEED set, the suite runs on a platform that misbehaves; what gets lost is then looked for more often. */
function adverse(): Readonly<Record<string, string>> {
  const { ADVERSE_SEED } = process.env;
  return ADVERSE_SEED === undefined ? {} : { ADVERSE_SEED, SWEEP_SECONDS: '1' };
}

/** A running mixdown: a process of its own on a data folder, which can be killed and started again. */
export class System {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly dataFolder: string,
    /** Grows as it logs. */
    readonly log: readonly LogLine[],
  ) {}

  get pid(): number {
    return this.child.pid ?? 0;
  }

  static async start(dataFolder: string, environment: Readonly<Record<string, string>> = {}): Promise<System> {
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: {
        PATH: process.env.PATH,
        ...adverse(),
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: dataFolder,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const listening = Promise.withResolvers<string>();
    const log: LogLine[] = [];
    const errors: string[] = [];
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as LogLine;
      log.push(line);
      if (line.msg === 'listening' && line.url !== undefined) listening.resolve(line.url);
    });
    createInterface({ input: child.stderr }).on('line', (text) => errors.push(text));
    child.once('exit', (code, signal) => {
      const tail = [...log.slice(-5).map((line) => JSON.stringify(line)), ...errors.slice(-20)].join('\n');
      listening.reject(new Error(`mixdown ended (${code ?? signal}) before it listened:\n${tail}`));
    });
    const url = await listening.promise;
    await checkAnswers(url);
    return new System(child, url, dataFolder, log);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.child.kill('SIGKILL');
    await this.ended();
  }

  /** Asks it to end; the exit code. */
  async stop(): Promise<number | null> {
    if (!this.#hasEnded) this.child.kill('SIGTERM');
    return this.ended();
  }

  /** Resolves with the exit code (null after a signal) when the process is gone. */
  async ended(): Promise<number | null> {
    if (!this.#hasEnded) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  get #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** An empty data folder, and how it is removed. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'mixdown-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
