import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { type MediaKind, type Recipe, recipes } from './recipes.ts';

const execute = promisify(execFile);

export interface MediaOptions {
  /** Default 5. */
  readonly seconds?: number;
  /** Default 2. */
  readonly channels?: number;
  /** Hz; default: as the kind has it. */
  readonly sampleRate?: number;
  /** How many audio tracks; default 1. Each is another noise. */
  readonly audioTracks?: number;
}

const made = new Map<string, Promise<string>>();
let folder: string | null = null;

/** A folder of this process. vitest kills its workers: specs call `afterAll(removeTestMedia)`, scripts need not. */
function mediaFolder(): string {
  if (folder !== null) return folder;
  folder = mkdtempSync(join(tmpdir(), 'mixdown-test-media-'));
  process.once('exit', removeTestMedia);
  return folder;
}

/** Removes every file and folder that this module made. */
export function removeTestMedia(): void {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
  made.clear();
}

/** An empty folder, removed with the rest. */
export function freshFolder(): string {
  return mkdtempSync(join(mediaFolder(), 'folder-'));
}

/** Makes a file of test media with the ffmpeg on the PATH, once per process, and gives its path. */
export function makeMedia(kind: MediaKind, options: MediaOptions = {}): Promise<string> {
  const name = [kind, ...Object.entries(options).map(([key, value]) => `${key}${value}`)].join('-');
  return once(name, async () => {
    const recipe: Recipe = recipes[kind];
    const path = join(mediaFolder(), `${name}.${recipe.extension}`);
    await execute('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...argumentsFor(recipe, options), path]);
    return path;
  });
}

function argumentsFor(recipe: Recipe, options: MediaOptions): readonly string[] {
  const { seconds = 5, channels = 2, sampleRate = recipe.sampleRate, audioTracks = 1 } = options;
  const layout = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : '5.1';
  const tracks = recipe.audio === null ? 0 : audioTracks;
  const noise = Array.from({ length: tracks }, (_, track) => [
    ...['-f', 'lavfi', '-i'],
    `anoisesrc=d=${seconds}:r=${sampleRate}:a=0.3:seed=${track + 1},aformat=channel_layouts=${layout}`,
  ]);
  const video = recipe.video === null ? [] : ['-f', 'lavfi', '-i', `testsrc=s=64x48:r=25:d=${seconds}`];
  return [
    ...noise.flat(),
    ...video,
    ...noise.flatMap((_, track) => ['-map', String(track)]),
    ...(recipe.video === null ? [] : ['-map', String(tracks)]),
    ...(recipe.audio ?? []),
    ...(recipe.video ?? []),
    ...['-strict', '-2'],
    ...(recipe.output ?? []),
  ];
}

/** The first `share` of a file's bytes, as a broken transfer leaves it. */
export function cutMedia(path: string, share: number): Promise<string> {
  return once(`${path}-${share}`, async () => {
    const bytes = await readFile(path);
    const cut = join(mediaFolder(), `cut-${made.size}${extname(path)}`);
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * share)));
    return cut;
  });
}

/** A file with these bytes, under this name. */
export async function fileOf(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(freshFolder(), name);
  await writeFile(path, bytes);
  return path;
}

function once(name: string, make: () => Promise<string>): Promise<string> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
}
