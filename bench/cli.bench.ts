/** What the command line costs: how soon it speaks, and what converting a short clip takes beside ffmpeg alone. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeMedia } from '#testing/media';

const runs = 9;
const clipSeconds = 10;
const main = fileURLToPath(new URL('../dist/apps/cli/main.js', import.meta.url));

/** @returns milliseconds */
function time(program: string, args: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}

function spread(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b).map(Math.round);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms (${sorted[0]} to ${sorted.at(-1)}, ${sorted.length} runs)`;
}

const folder = await mkdtemp(join(tmpdir(), 'mixdown-bench-'));
try {
  const clip = await makeMedia('mp4-aac', { seconds: clipSeconds });
  const out = (name: string) => join(folder, name);
  const help = () => time(process.execPath, [main, '--help']);
  const convert = () => time(process.execPath, [main, 'convert', clip, out('ours.mp3'), '--force']);
  const plain = ['-v', 'error', '-y', '-i', clip, '-vn', '-c:a', 'libmp3lame', '-q:a', '2', out('plain.mp3')];
  // The first run of each compiles what the others find in the cache.
  for (const warmUp of [help, convert]) warmUp();
  console.log(`mixdown --help: ${spread(Array.from({ length: runs }, help))}; aim: 300`);
  // In turns, so that both meet the same machine.
  const pairs = Array.from({ length: runs }, () => [time('ffmpeg', plain), convert()] as const);
  console.log(`ffmpeg, ${clipSeconds} s clip: ${spread(pairs.map(([theirs]) => theirs))}`);
  console.log(`mixdown convert: ${spread(pairs.map(([, ours]) => ours))}`);
  console.log(`what it adds: ${spread(pairs.map(([theirs, ours]) => ours - theirs))}; aim: 1000`);
} finally {
  await rm(folder, { recursive: true });
}
