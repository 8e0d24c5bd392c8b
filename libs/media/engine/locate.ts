import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../run/find-program.ts';
import { probeProtection } from '../run/probe-protection.ts';
import { type Engine, EngineUnusable, type Programs } from './engine.ts';
import { makeExecutable } from './make-executable.ts';

const execute = promisify(execFile);
type Tool = 'ffmpeg' | 'ffprobe';

export interface EnginePaths {
  /** As configured (FFMPEG_PATH); undefined: looked for. */
  readonly ffmpegPath?: string | undefined;
  /** As configured (FFPROBE_PATH). */
  readonly ffprobePath?: string | undefined;
}

/**
 * The configured programs, else those on the PATH, else the ones that come by npm (both or none, so that a new ffmpeg
 * does not read what an old ffprobe said).
 * @throws EngineUnusable
 */
export async function locatePrograms(paths: EnginePaths): Promise<Programs> {
  const [ffmpeg, ffprobe] = await Promise.all([
    programOf('ffmpeg', 'FFMPEG_PATH', paths.ffmpegPath),
    programOf('ffprobe', 'FFPROBE_PATH', paths.ffprobePath),
  ]);
  const bundled = ffmpeg === null || ffprobe === null;
  const programs = bundled
    ? { ffmpeg: await bundledProgram('ffmpeg'), ffprobe: await bundledProgram('ffprobe') }
    : { ffmpeg: await realpath(ffmpeg), ffprobe: await realpath(ffprobe) };
  const programFiles = await programFilesOf([programs.ffmpeg, programs.ffprobe]);
  return { ...programs, bundled, programFiles };
}

/** The programs, and the protection that works for them here. @throws EngineUnusable */
export async function locateEngine(paths: EnginePaths): Promise<Engine> {
  const programs = await locatePrograms(paths);
  return { ...programs, protection: await probeProtection(programs) };
}

async function programOf(tool: Tool, variable: string, path: string | undefined): Promise<string | null> {
  return (await given(variable, path)) ?? (await findProgram(tool));
}

async function given(variable: string, path: string | undefined): Promise<string | null> {
  if (path === undefined || path === '') return null;
  if (!isAbsolute(path)) throw new EngineUnusable(`${variable} must be an absolute path; it is "${path}".`);
  try {
    await execute(path, ['-version'], { timeout: 20_000 });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new EngineUnusable(`${variable} names "${path}", which does not run: ${why}`);
  }
  return path;
}

async function bundledProgram(tool: Tool): Promise<string> {
  const path = bundledPath(tool);
  if (path === null) {
    throw new EngineUnusable(
      `${tool} was not found. Install ffmpeg, or set FFMPEG_PATH and FFPROBE_PATH; the build that comes by npm is for linux-x64 only.`,
    );
  }
  await makeExecutable(path);
  return path;
}

function bundledPath(tool: Tool): string | null {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`@${tool}-installer/linux-x64/package.json`)), tool);
  } catch {
    // An optional dependency: absent on other platforms.
    return null;
  }
}

/** Programs outside the system's folders, each with the libraries of its installation (`bin` and `lib` side by side). */
async function programFilesOf(programs: readonly string[]): Promise<readonly string[]> {
  const files = new Set<string>();
  for (const program of programs) {
    if (/^\/(usr|bin|sbin)\//.test(program)) continue;
    files.add(program);
    const libraries = join(dirname(program), '..', 'lib');
    if (basename(dirname(program)) === 'bin' && (await isFolder(libraries))) files.add(libraries);
  }
  return [...files];
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
