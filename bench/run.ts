/** Every benchmark, one after the other, on the built program: `npm run bench`. */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

const here = new URL('.', import.meta.url).pathname;
const flags = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
const benchmarks: readonly (readonly [title: string, ...command: string[]])[] = [
  ['the event log: appends per second, synchronous=FULL', 'event-store.bench.ts'],
  ['start and recovery', 'start.bench.ts'],
  ['1,000 logins at once', 'logins.bench.ts', '--logins', '1000'],
  ['a page of a list, of few and of many', 'lists.bench.ts'],
  ['100 uploads of 10 MiB at once', 'uploads.bench.ts', '--uploads', '100'],
  ['1,000 uploads of 10 MiB at once', 'uploads.bench.ts', '--uploads', '1000'],
];

const [cpu] = cpus();
console.log(`${cpus().length} x ${cpu?.model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`);
for (const [title, script = '', ...rest] of benchmarks) {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(process.execPath, [...flags, `${here}${script}`, ...rest], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
