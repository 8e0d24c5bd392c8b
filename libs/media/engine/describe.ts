import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { arch } from 'node:os';
import { promisify } from 'node:util';
import { EngineUnusable, type Programs } from './engine.ts';

const execute = promisify(execFile);

export interface EngineDescription {
  /** Versions, build and architecture in one stable string: the same id makes the same bytes. */
  readonly id: string;
  /** ffmpeg's version. */
  readonly ffmpeg: string;
  /** LAME's version, as it writes it into its frames; null where it does not. */
  readonly libmp3lame: string | null;
  readonly architecture: string;
  readonly bundled: boolean;
  /** For the start-up log: what whoever runs the service should know. */
  readonly warnings: readonly string[];
}

/** @throws EngineUnusable when ffmpeg does not run or has no MP3 encoder */
export async function describeEngine(engine: Programs): Promise<EngineDescription> {
  // Side by side, because every start waits for both; of one that does not run at all, the first says so.
  const lame = lameVersion(engine.ffmpeg);
  lame.catch(() => undefined);
  const text = await versionOf(engine.ffmpeg);
  const ffmpeg = /^ffmpeg version (\S+)/.exec(text)?.[1] ?? 'unknown';
  const libmp3lame = await lame;
  const architecture = arch();
  // The whole text: configuration and library versions change the bytes as well.
  const build = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return {
    id: `ffmpeg-${ffmpeg} lame-${libmp3lame ?? 'unknown'} ${architecture} ${build}`,
    ffmpeg,
    libmp3lame,
    architecture,
    bundled: engine.bundled,
    warnings: engine.bundled
      ? ['No ffmpeg was found on the PATH: the build of 2018 that comes by npm is used. Install a current ffmpeg.']
      : [],
  };
}

async function versionOf(program: string): Promise<string> {
  try {
    return (await execute(program, ['-version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    throw new EngineUnusable(`${program} does not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** ffmpeg does not say which LAME it was built with; LAME does, in the padding of its frames. */
async function lameVersion(ffmpeg: string): Promise<string | null> {
  const silence = ['-f', 's16le', '-ar', '44100', '-ac', '1', '-i', '/dev/zero', '-t', '0.2'];
  const args = ['-v', 'error', '-nostdin', ...silence, '-c:a', 'libmp3lame', '-b:a', '320k', '-f', 'mp3', 'pipe:1'];
  try {
    const { stdout } = await execute(ffmpeg, args, { encoding: 'latin1', timeout: 20_000 });
    return /LAME(\d\.\d+[.\w]*?)(?=U|[^\w.])/.exec(stdout)?.[1] ?? null;
  } catch (error) {
    throw new EngineUnusable(
      `${ffmpeg} cannot make MP3 (libmp3lame): ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
