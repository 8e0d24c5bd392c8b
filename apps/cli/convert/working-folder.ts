import { realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { TemporaryFolder } from '../temporary-folder.ts';

const refused = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Where the video need not be copied: the system's folder for such things if it is on the same file system, else the
 * video's own folder, else the former after all.
 */
export async function workingFolderFor(video: string): Promise<TemporaryFolder> {
  const beside = dirname(await realpath(video));
  const [own, temporary] = await Promise.all([stat(beside), stat(tmpdir())]);
  if (own.dev === temporary.dev) return TemporaryFolder.in(tmpdir());
  try {
    return await TemporaryFolder.in(beside);
  } catch (error) {
    if (!refused.some((code) => error instanceof Error && 'code' in error && error.code === code)) throw error;
    return TemporaryFolder.in(tmpdir());
  }
}
