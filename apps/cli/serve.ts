import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#config';

/**
 * As `npm start` has it. A small young generation is collected often: buffers of bodies that have passed through do
 * not pile up, which at a thousand uploads makes half of the memory.
 */
const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=4'];

/** The service as a process of its own with this terminal; signals reach it as they reach this process. */
export async function serve(): Promise<void> {
  const main = fileURLToPath(new URL('../standalone/main.js', import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, main], { env: childEnvironment(), stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
