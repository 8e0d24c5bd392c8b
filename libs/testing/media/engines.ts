import { chmodSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What `locateEngine` takes. */
export interface EnginePathsUnderTest {
  readonly name: string;
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
}

/** Every ffmpeg that specs run with: the one on the PATH, and the one of 2018 that comes by npm, where it is installed. */
export function enginesUnderTest(): readonly EnginePathsUnderTest[] {
  const system = { name: 'ffmpeg of the system' };
  const ffmpegPath = bundledTool('ffmpeg');
  const ffprobePath = bundledTool('ffprobe');
  if (ffmpegPath === null || ffprobePath === null) return [system];
  return [system, { name: 'ffmpeg of 2018', ffmpegPath, ffprobePath }];
}

/** The path of the build that comes by npm; null where it is not installed. */
export function bundledTool(tool: 'ffmpeg' | 'ffprobe'): string | null {
  const require = createRequire(import.meta.url);
  try {
    const path = join(dirname(require.resolve(`@${tool}-installer/linux-x64/package.json`)), tool);
    if (!existsSync(path)) return null;
    // npm leaves ffprobe's executable bit out.
    chmodSync(path, 0o755);
    return path;
  } catch {
    // An optional dependency: absent on other platforms.
    return null;
  }
}
