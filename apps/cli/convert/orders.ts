import { realpath, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { ExitCode, Failure } from '../failure.ts';
import { expectFree } from './output-file.ts';

/** One file to convert. */
export interface Order {
  readonly video: string;
  readonly target: string;
}

export interface OrderOptions {
  readonly output?: string;
  readonly force?: true;
}

/**
 * Which files become which: `VIDEO`, `VIDEO OUT.mp3`, or any number of videos, each with its MP3 beside it or in the
 * folder of `--output`.
 * @throws Failure something is missing, or in the way; nothing has been done then
 */
export async function readOrders(paths: readonly string[], { output, force }: OrderOptions): Promise<readonly Order[]> {
  const orders = await pair(paths, output);
  const taken = new Map<string, string>();
  for (const { video, target } of orders) {
    await expectVideo(video);
    if (await isSame(video, target)) {
      throw new Failure(`${target} would be written over itself: name another output`, ExitCode.wrongUse);
    }
    const other = taken.get(resolve(target));
    if (other !== undefined) throw new Failure(`${other} and ${video} would both become ${target}`, ExitCode.wrongUse);
    taken.set(resolve(target), video);
    await expectFree(target, force === true);
  }
  return orders;
}

async function pair(paths: readonly string[], output: string | undefined): Promise<readonly Order[]> {
  const [video = '', second, ...more] = paths;
  if (output === undefined && second !== undefined && more.length === 0 && /\.mp3$/i.test(second)) {
    return [{ video, target: second }];
  }
  if (output === undefined)
    return paths.map((path) => ({ video: path, target: join(parse(path).dir, outputName(path)) }));
  if (await isFolder(output)) return paths.map((path) => ({ video: path, target: join(output, outputName(path)) }));
  if (second === undefined) return [{ video, target: output }];
  throw new Failure(`several videos need a folder to go to, and ${output} is none`, ExitCode.wrongUse);
}

function outputName(path: string): string {
  return `${parse(path).name}.mp3`;
}

async function expectVideo(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new Failure(`there is no file ${path}`, ExitCode.wrongUse, 'no-such-file');
  if (!found.isFile()) throw new Failure(`${path} is not a file`, ExitCode.wrongUse, 'no-such-file');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function isSame(video: string, target: string): Promise<boolean> {
  const real = await realpath(target).catch(() => null);
  return real !== null && real === (await realpath(video));
}
