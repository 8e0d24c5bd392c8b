import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Afterwards the file has this text whatever happens; before, what it had. Readable by its owner alone. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  {
    await using file = await open(temporary, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(temporary, path);
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}
