import { join } from 'node:path';
import { DataFolderUnusable } from './data-folder-unusable.ts';
import { readIfThere } from './read-if-there.ts';
import { writeDurably } from './write-durably.ts';

/** Brings a folder from one version to the next. Interrupted, it is run again from its start. */
export type Migration = (folder: string) => Promise<void>;

const fileName = 'schema-version';

/**
 * Runs what is missing, one after the other; each is recorded before the next begins.
 *
 * @param migrations the first leads to version 1
 * @throws {@link DataFolderUnusable} the folder's version is newer than the last of them, or not to be read
 */
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
    await writeDurably(path, `${index + 1}\n`);
  }
}

async function readVersion(path: string): Promise<number> {
  const text = (await readIfThere(path)) ?? '0';
  if (/^\d+$/.test(text)) return Number(text);
  throw new DataFolderUnusable(`${path} should hold a number, but holds ${JSON.stringify(text.slice(0, 40))}.`);
}
