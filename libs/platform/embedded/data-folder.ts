import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderUnusable } from './data-folder-unusable.ts';
import { type Migration, migrate } from './migrate.ts';

/** https://www.sqlite.org/rescode.html: SQLITE_BUSY. */
const sqliteBusy = 5;

/** From each version of the folder's layout to the next: the first entry leads to version 1. */
const migrations: readonly Migration[] = [
  async (path) => {
    for (const name of ['blobs', 'work']) await mkdir(join(path, name), { recursive: true, mode: 0o700 });
  },
];

/** Everything that an embedded platform keeps, held by one process at a time. */
export class DataFolder {
  private constructor(
    readonly path: string,
    private readonly lock: DatabaseSync,
  ) {}

  get eventsFile(): string {
    return join(this.path, 'events.db');
  }

  get documentsFile(): string {
    return join(this.path, 'documents.db');
  }

  get blobsFolder(): string {
    return join(this.path, 'blobs');
  }

  get workFolder(): string {
    return join(this.path, 'work');
  }

  /** @throws {@link DataFolderUnusable} it is in use, of a newer version, or cannot be written */
  static async open(given: string): Promise<DataFolder> {
    const path = resolve(given);
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const lock = await takeLock(path);
      try {
        await migrate(path, migrations);
      } catch (error) {
        lock.close();
        throw error;
      }
      return new DataFolder(path, lock);
    } catch (error) {
      if (error instanceof DataFolderUnusable) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new DataFolderUnusable(`${path} cannot be used for data: ${why}`, { cause: error });
    }
  }

  /** Made once, readable by its owner alone. */
  async jwtSecret(): Promise<string> {
    const path = join(this.path, 'jwt-secret');
    if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
    const secret = randomBytes(48).toString('base64url');
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(`${secret}\n`);
    await file.sync();
    return secret;
  }

  close(): void {
    this.lock.close();
  }
}

/** A lock of SQLite is one of the kernel: it goes when the process does, however that ends. */
async function takeLock(path: string): Promise<DatabaseSync> {
  const holder = join(path, 'lock.pid');
  const lock = new DatabaseSync(join(path, 'lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x); COMMIT;');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy)) throw error;
    const pid = await readFile(holder, 'utf8').catch(() => 'unknown');
    throw new DataFolderUnusable(
      `${path} is in use by process ${pid.trim()}. Stop that one first, or give this one a folder of its own with DATA_DIR.`,
    );
  }
  await writeFile(holder, `${process.pid}\n`);
  return lock;
}
