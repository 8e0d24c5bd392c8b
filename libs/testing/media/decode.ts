import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

export interface Pcm {
  /** Samples per channel. */
  readonly samples: number;
  readonly channels: number;
  /** Of the samples as 32-bit floats, interleaved. */
  readonly sha256: string;
}

/** Decodes one audio track with the ffmpeg on the PATH: what any player hears. Throws when ffmpeg complains. */
export async function decodePcm(
  path: string,
  options: { track?: number; channels?: number; ffmpeg?: string } = {},
): Promise<Pcm> {
  const { track = 0, channels = 2, ffmpeg = 'ffmpeg' } = options;
  const args = ['-nostdin', '-v', 'error', '-xerror', '-i', path, '-map', `0:a:${track}`, '-vn'];
  const child = spawn(ffmpeg, [...args, '-ac', String(channels), '-f', 'f32le', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const hash = createHash('sha256');
  let bytes = 0;
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const code = await ended;
  if (code !== 0) throw new Error(`ffmpeg could not decode ${path} (${code}): ${complaint}`);
  return { samples: bytes / 4 / channels, channels, sha256: hash.digest('hex') };
}

/** Samples per channel, counted by decoding. */
export async function sampleCountOf(path: string): Promise<number> {
  return (await decodePcm(path)).samples;
}
