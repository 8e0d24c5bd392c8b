/** Real conversions for benches to run beside: long audio, made by ffmpeg. */
import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface LongAudio extends AsyncDisposable {
  readonly path: string;
}

// The quick way: what is measured is not this.
const aac = ['-c:a', 'aac', '-aac_coder', 'fast'];

/** Stereo noise, which no encoder finds easy. */
export async function makeLongAudio(seconds: number): Promise<LongAudio> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-bench-audio-'));
  const path = join(folder, 'long.m4a');
  const noise = `anoisesrc=d=${seconds}:r=44100:a=0.3,aformat=channel_layouts=stereo`;
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', noise, ...aac, path]);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** @returns the upload's id */
export async function upload(url: string, token: string, { path }: LongAudio): Promise<string> {
  const body = await openAsBlob(path);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'audio/mp4' };
  return idOf(await fetch(`${url}/v1/uploads?filename=long.m4a`, { method: 'POST', headers, body }));
}

/** @returns the conversion's id */
export async function convert(url: string, token: string, uploadId: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ uploadId, metadata: { for: 'a bench' } });
  return idOf(await fetch(`${url}/v1/conversions`, { method: 'POST', headers, body }));
}

async function idOf(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
