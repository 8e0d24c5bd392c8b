import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ExitCode, Failure } from './failure.ts';

/**
 * As `npm start` has it. A small young generation is collected often: buffers of bodies that have passed through do
 * not pile up, which at a thousand uploads makes half of the memory.
 */
const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=4'];

const main = new URL('../standalone/main.js', import.meta.url).pathname;

/** The service as a process of its own. */
export function spawnService(
  environment: NodeJS.ProcessEnv,
  stdio: 'inherit' | ['ignore', 'pipe', 'pipe'],
): ChildProcess {
  return spawn(process.execPath, [...nodeFlags, main], { env: environment, stdio });
}

/** A service for this command alone. @throws Failure it did not start */
export async function startService(environment: NodeJS.ProcessEnv): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawnService(environment, ['ignore', 'pipe', 'pipe']);
  const listening = Promise.withResolvers<string>();
  const errors: string[] = [];
  if (child.stdout === null || child.stderr === null) throw new Error('the service has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg === 'listening' && url !== undefined) listening.resolve(url);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  child.once('exit', () =>
    listening.reject(new Failure(errors.join('\n') || 'the service ended at once', ExitCode.failed)),
  );
  return {
    url: await listening.promise,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
