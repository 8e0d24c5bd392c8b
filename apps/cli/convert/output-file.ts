import { access, constants, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, Failure } from '../failure.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const noLinkCodes = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Writes the whole file, or none: it lies beside its place, is on the disk, and only then gets its name.
 * @throws Failure something is there already, also when it appeared in the meantime
 */
export async function writeOutput(target: string, isForced: boolean, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await using folder = await TemporaryFolder.in(dirname(target));
  const part = join(folder.path, 'output');
  {
    await using file = await open(part, 'wx');
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  }
  if (isForced) await rename(part, target);
  else await giveName(part, target);
  await using parent = await open(dirname(target), 'r');
  await parent.sync();
}

/** @throws Failure the place is taken, or is no place for a file @throws an error of the system's: it cannot be written */
export async function expectFree(target: string, isForced: boolean): Promise<void> {
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Failure(`there is no folder ${folder}: make it first`, ExitCode.wrongUse);
    throw error;
  });
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!isForced) throw isTaken(target);
  if (!found.isFile()) throw new Failure(`${target} is not a file that could be written over`, ExitCode.wrongUse);
}

/** link(2) fails where something is, so whoever comes in between loses nothing. */
async function giveName(part: string, target: string): Promise<void> {
  try {
    await link(part, target);
  } catch (error) {
    if (hasCode(error, ['EEXIST'])) throw isTaken(target);
    if (!hasCode(error, noLinkCodes)) throw error;
    await takeName(part, target);
  }
}

/** Where there are no hard links: the name is taken by an empty file first, which is then ours to write over. */
async function takeName(part: string, target: string): Promise<void> {
  try {
    await (await open(target, 'wx')).close();
  } catch (error) {
    if (hasCode(error, ['EEXIST'])) throw isTaken(target);
    throw error;
  }
  try {
    await rename(part, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

function isTaken(target: string): Failure {
  return new Failure(`${target} is there already: --force writes over it`, ExitCode.wrongUse, 'output-exists');
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
