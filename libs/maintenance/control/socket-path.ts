import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const name = 'control.sock';

/**
 * The control socket's path in the folder. The kernel takes 107 bytes for it, and a data folder's path may be longer: it
 * is reached through the open folder.
 */
export async function socketPath(folder: string): Promise<AsyncDisposable & { readonly path: string }> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${handle.fd}/${name}`, [Symbol.asyncDispose]: () => handle.close() };
}
