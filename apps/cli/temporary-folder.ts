import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepOrphans } from '#encoder/engine';
import { FileLock } from '#sqlite';

const prefix = '.mixdown-';
/** One that is younger may be about to be locked. */
const abandonedMilliseconds = 60_000;

/** A folder of this process's own, gone when it is; what a killed process left of its own goes with the next one. */
export class TemporaryFolder implements AsyncDisposable {
  private constructor(
    readonly path: string,
    private readonly lock: FileLock,
  ) {}

  /** Below that folder, after removing what was abandoned there. */
  static async in(parent: string): Promise<TemporaryFolder> {
    const real = await realpath(parent);
    await sweep(real);
    const path = await mkdtemp(join(real, prefix));
    const lock = FileLock.take(lockOf(path));
    if (lock === null) throw new Error(`${path} was taken by another process as soon as it was made`);
    return new TemporaryFolder(path, lock);
  }

  /** What runs below is known, and ended, by this folder. */
  get dataFolder(): string {
    return join(this.path, 'data');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lock.release();
    await rm(this.path, { recursive: true, force: true });
  }
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(parent, name);
    if (!(await isAbandoned(path))) continue;
    const lock = take(path);
    if (lock === null) continue;
    await sweepOrphans(join(path, 'data', 'work'));
    lock.release();
    await rm(path, { recursive: true, force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(lockOf(path)).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > abandonedMilliseconds;
}

/** Null when its process is alive, or it is somebody else's. */
function take(path: string): FileLock | null {
  try {
    return FileLock.take(lockOf(path));
  } catch {
    return null;
  }
}

function lockOf(path: string): string {
  return join(path, 'lock');
}
