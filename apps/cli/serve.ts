import { once } from 'node:events';
import { childEnvironment } from '#config';
import { spawnService } from './service-process.ts';

/** The service with this terminal; signals reach it as they reach this process. */
export async function serve(): Promise<void> {
  const child = spawnService(childEnvironment(), 'inherit');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
