import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The absolute path of a program on the PATH, or null. */
export async function findProgram(name: string): Promise<string | null> {
  try {
    const { stdout } = await execute('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { timeout: 10_000 });
    const path = stdout.trim();
    return path.startsWith('/') ? path : null;
  } catch {
    // Not on the PATH, or there is no shell to ask: the same to whoever asks.
    return null;
  }
}
