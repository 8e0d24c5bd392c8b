import { open } from 'node:fs/promises';

/** Makes what was created, renamed or removed in the folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
