import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderVariable } from './run.ts';

/**
 * Ends what a killed service left running in the job folders under `workFolder` and removes those folders. For the
 * start, before any job: every folder in there is taken for a left-over. A process is ours when the environment that
 * it was started with names such a folder, so neither a recycled process id nor a stranger's shell in there is harmed.
 */
export async function sweepOrphans(workFolder: string): Promise<{ killed: number; removed: number }> {
  const work = resolve(workFolder);
  const killed = await killOrphans(`${folderVariable}=${work}/`);
  const left = await readdir(work, { withFileTypes: true }).catch(orAbsent);
  const folders = left.filter((entry) => entry.isDirectory());
  for (const folder of folders) await rm(join(work, folder.name), { recursive: true, force: true });
  return { killed, removed: folders.length };
}

/** A child could fork while it is looked for: several rounds, until one finds none. */
async function killOrphans(mark: string): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < 10; round++) {
    const found = (await marked(mark)).filter((pid) => pid !== process.pid);
    if (found.length === 0) break;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      } catch (error) {
        if (!hasCode(error, 'ESRCH')) throw error;
      }
    }
  }
  return killed.size;
}

async function marked(mark: string): Promise<readonly number[]> {
  // No /proc: not Linux, nothing can be said of other processes.
  const entries = await readdir('/proc').catch(orAbsent);
  const found: number[] = [];
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    // Gone meanwhile, or another user's: not ours.
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').some((variable) => variable.startsWith(mark))) found.push(Number(entry));
  }
  return found;
}

function orAbsent(error: unknown): never[] {
  if (hasCode(error, 'ENOENT')) return [];
  throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
