import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Programs } from '../engine/engine.ts';
import { findProgram } from './find-program.ts';
import type { Protection } from './protection.ts';
import { run } from './run.ts';

const probeLimits = { cpuSeconds: 10, addressSpaceBytes: 2 * 1024 ** 3, fileSizeBytes: 1024 ** 2 };

/**
 * What works here: tried, not looked up, because containers and hardened kernels often have bubblewrap and forbid it.
 */
export async function probeProtection({ ffmpeg: program, programFiles }: Programs): Promise<Protection> {
  const [prlimit, bubblewrap] = await Promise.all([findProgram('prlimit'), findProgram('bwrap')]);
  const candidates: readonly Protection[] = [
    { bubblewrap, prlimit },
    { bubblewrap, prlimit: null },
    { bubblewrap: null, prlimit },
  ];
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-probe-'));
  try {
    for (const protection of candidates) {
      const end = await run({
        program,
        args: ['-version'],
        programFiles,
        inputs: [],
        folder,
        limits: probeLimits,
        protection,
        deadlineMs: 10_000,
        stallMs: null,
        signal: new AbortController().signal,
      });
      if (end.reason === 'exited' && end.exitCode === 0) return protection;
    }
    return { bubblewrap: null, prlimit: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
