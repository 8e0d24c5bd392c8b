import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { FileLock } from '#sqlite';
import { DataFolderInUse, DataFolderUnusable, unusable } from './data-folder-unusable.ts';
import { type Migration, migrate } from './migrate.ts';
import { readIfThere } from './read-if-there.ts';
import { writeDurably } from './write-durably.ts';

/** From each version of the folder's layout to the next: the first entry leads to version 1. */
const migrations: readonly Migration[] = [
  async (path) => {
    for (const name of ['blobs', 'work']) await mkdir(join(path, name), { recursive: true, mode: 0o700 });
  },
];

const secretBytes = 48;

/** Everything that an embedded platform keeps, held by one process at a time. */
export class DataFolder {
  readonly path: string;
  readonly #lock: FileLock;
  #secret: Promise<string> | undefined;

  private constructor(path: string, lock: FileLock) {
    this.path = path;
    this.#lock = lock;
  }

  get eventsFile(): string {
    return join(this.path, 'events.db');
  }

  get documentsFile(): string {
    return join(this.path, 'documents.db');
  }

  get blobsFolder(): string {
    return join(this.path, 'blobs');
  }

  /** For what need not survive a restart. */
  get workFolder(): string {
    return join(this.path, 'work');
  }

  /**
   * Makes the folder if need be, and brings its layout to this version.
   *
   * @throws {@link DataFolderInUse} another process has it
   * @throws {@link DataFolderUnusable} it was written by a newer version, or cannot be written
   */
  static async open(given: string): Promise<DataFolder> {
    const path = resolve(given);
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
      const lock = await takeLock(path);
      try {
        await migrate(path, migrations);
      } catch (error) {
        lock.release();
        throw error;
      }
      return new DataFolder(path, lock);
    } catch (error) {
      throw unusable(path, error);
    }
  }

  /**
   * What tokens are signed with. Made once, readable by its owner alone.
   * @throws {@link DataFolderUnusable} somebody has cut or emptied the file
   */
  jwtSecret(): Promise<string> {
    this.#secret ??= this.#readOrMakeSecret();
    return this.#secret;
  }

  /** Another process may have the folder now. May be called again. */
  close(): void {
    this.#lock.release();
  }

  async #readOrMakeSecret(): Promise<string> {
    const path = join(this.path, 'jwt-secret');
    const stored = await readIfThere(path);
    if (stored === null) {
      const secret = randomBytes(secretBytes).toString('base64url');
      await writeDurably(path, `${secret}\n`);
      return secret;
    }
    if (Buffer.from(stored, 'base64url').length >= secretBytes) return stored;
    throw new DataFolderUnusable(`${path} is damaged. Removing it makes a new one, and logs everybody out.`);
  }
}

async function takeLock(path: string): Promise<FileLock> {
  const holder = join(path, 'lock.pid');
  const lock = FileLock.take(join(path, 'lock'));
  if (lock === null) throw new DataFolderInUse(path, (await readIfThere(holder)) ?? 'another process');
  try {
    // Beside the lock and not in it: reading a locked file and closing it would drop this process's lock.
    await writeFile(holder, `process ${process.pid} on ${hostname()}\n`, { mode: 0o600 });
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}
