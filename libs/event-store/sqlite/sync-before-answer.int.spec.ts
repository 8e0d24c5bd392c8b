import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./append-once.contract.ts', import.meta.url));
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** SIGKILL leaves the page cache as it is, so that only the order of the system calls shows what a power cut would. */
it.skipIf(!canTrace)('an append is written, then synced, then acknowledged (needs strace)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-sync-'));
  try {
    const [trace, log] = [join(folder, 'trace'), join(folder, 'events.db')];
    const strace = ['-f', '-y', '-o', trace, '-e', 'trace=write,pwrite64,fsync,fdatasync'];
    await promisify(execFile)('strace', [...strace, process.execPath, '--conditions=mixdown-source', program, log]);
    const calls = (await readFile(trace, 'utf8')).split('\n');
    const place = (part: string) => calls.findIndex((call) => call.includes(part));
    const between = calls.slice(place('"asked\\n"'), place('"acknowledged\\n"'));
    const lastWrite = between.findLastIndex((call) => call.includes('pwrite64(') && call.includes(`${log}-wal>`));
    expect(lastWrite).toBeGreaterThan(0);
    // Interrupted in the trace by another thread, a call ends in a line of its own.
    const synced = /f(data)?sync(\(.*-wal>\)| resumed>\)) += 0/;
    expect(between.slice(lastWrite + 1)).toContainEqual(expect.stringMatching(synced));
  } finally {
    await rm(folder, { recursive: true });
  }
});
