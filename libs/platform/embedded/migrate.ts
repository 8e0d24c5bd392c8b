import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderUnusable } from './data-folder-unusable.ts';

/** Brings a folder from one version to the next. Interrupted, it is run again from its start. */
export type Migration = (folder: string) => Promise<void>;

const fileName = 'schema-version';

/** Runs what is missing, one after the other; each is recorded before the next begins. */
export async function migrate(folder: string, migrations: readonly Migration[]): Promise<void> {
  const path = join(folder, fileName);
  const current = await readVersion(path);
  if (current > migrations.length) {
    throw new DataFolderUnusable(
      `${folder} was written by a newer version of mixdown (schema ${current}; this one knows ${migrations.length}). Use that version, or a newer one.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < current) continue;
    await migration(folder);
    await writeVersion(path, index + 1);
  }
}

async function readVersion(path: string): Promise<number> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^\d+$/.test(text)) return Number(text);
    throw new DataFolderUnusable(`${path} should hold a number, but holds ${JSON.stringify(text)}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

async function writeVersion(path: string, version: number): Promise<void> {
  const temporary = `${path}.new`;
  {
    await using file = await open(temporary, 'w', 0o600);
    await file.writeFile(`${version}\n`);
    await file.sync();
  }
  await rename(temporary, path);
}
