import { access, constants, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Config, loadConfig } from '#config';
import { examineEngine } from '#encoder/engine';
import { toFailure } from '../failure.ts';
import { version } from '../version.ts';

/** What was looked at, and what to do about it where something is to be done. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'missing';
  readonly detail: string;
  readonly cure?: string;
}

const gibibyte = 1024 ** 3;
/** Less than this is soon full of videos. */
const comfortableBytes = 5 * gibibyte;

/** Everything that a service or a conversion needs of this machine. */
export async function examine(): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    { what: 'mixdown', state: 'ok', detail: version() },
    { what: 'node', state: 'ok', detail: `${process.version} (${process.execPath})` },
  ];
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    const cure = 'Correct the environment variables, or unset them.';
    return [...findings, { what: 'configuration', state: 'missing', detail: sentence(error), cure }];
  }
  const engine = await engineFindings(config);
  const folders = await Promise.all([dataFolder(config), space('temporary folder', tmpdir())]);
  return [...findings, ...engine, ...folders.flat()];
}

async function engineFindings(config: Config): Promise<readonly Finding[]> {
  try {
    const { id, ffmpeg, ffprobe, toolWarnings, sandboxWarnings } = await examineEngine(config);
    const tools: Finding[] = [
      { what: 'ffmpeg', state: 'ok', detail: ffmpeg },
      { what: 'ffprobe', state: 'ok', detail: ffprobe },
      { what: 'engine', state: 'ok', detail: id },
    ];
    for (const detail of toolWarnings) tools.push({ what: 'engine', state: 'warning', detail, cure: installFfmpeg });
    if (sandboxWarnings.length === 0) {
      tools.push({ what: 'sandbox', state: 'ok', detail: 'decoders see nothing but their own input' });
    }
    const cure = 'Install bubblewrap and util-linux, and allow unprivileged user namespaces.';
    return [
      ...tools,
      ...sandboxWarnings.map((detail): Finding => ({ what: 'sandbox', state: 'warning', detail, cure })),
    ];
  } catch (error) {
    return [{ what: 'ffmpeg', state: 'missing', detail: sentence(error), cure: installFfmpeg }];
  }
}

const installFfmpeg = 'Install ffmpeg with libmp3lame from your distribution, or set FFMPEG_PATH and FFPROBE_PATH.';

async function dataFolder({ dataDir }: Config): Promise<readonly Finding[]> {
  const path = resolve(dataDir);
  const what = 'data folder';
  const existing = await nearestExisting(path);
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const cure = 'Choose another one with DATA_DIR, or give this user the right to write there.';
    return [{ what, state: 'missing', detail: `${existing}: ${sentence(error)}`, cure }];
  }
  const detail = existing === path ? path : `${path} will be made by the first start`;
  return [{ what, state: 'ok', detail }, ...(await space('disk space', existing))];
}

async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found !== null || path === dirname(path) ? path : nearestExisting(dirname(path));
}

async function space(what: string, path: string): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const detail = `${(free / gibibyte).toFixed(1)} GiB free for ${path}`;
  if (free >= comfortableBytes) return [{ what, state: 'ok', detail }];
  return [{ what, state: 'warning', detail, cure: 'Make room, or choose another disk (DATA_DIR, TMPDIR).' }];
}

function sentence(error: unknown): string {
  return toFailure(error)?.message ?? (error instanceof Error ? error.message : String(error));
}
