import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;

/** This file and those that it imports run on every Node since 20; all others on the one that the project brings. */
export function isNodeNewEnough(): boolean {
  return Number(process.versions.node.split('.')[0]) >= neededMajor;
}

/** The same command by the Node that is installed as an optional dependency, with this terminal and its exit code. */
export async function runOnOwnNode(): Promise<void> {
  const node = ownNode();
  if (node === null) {
    process.stderr.write(
      `mixdown: Node ${neededMajor} is needed, this is ${process.version}, and none is installed for ${process.platform}-${process.arch}. Install Node ${neededMajor} or newer.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) {
        // Whoever waits for this process sees what became of the other one.
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      }
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

function ownNode(): string | null {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`));
    return join(folder, 'bin', 'node');
  } catch {
    // Not installed, or not made for this machine.
    return null;
  }
}
