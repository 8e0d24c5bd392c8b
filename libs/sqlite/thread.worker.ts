/** Runs in a thread of its own: one database, requests in groups. */
import { parentPort, workerData } from 'node:worker_threads';
import { logCutter } from './log-cutter.ts';
import { openDurably } from './open-durably.ts';
import type { Call, Prepare } from './protocol.ts';
import { groupRunner } from './run-group.ts';

const { path, operations } = workerData as { path: string; operations: string };
const database = openDurably(path);
const { prepare } = (await import(operations)) as { prepare: Prepare };
const known = prepare(database);
const runGroup = groupRunner(database, known);
const cutLogSoon = logCutter(database);
// A process that was killed may have left one.
cutLogSoon();

parentPort?.on('message', (message: readonly Call[] | 'close') => {
  if (message !== 'close') {
    parentPort?.postMessage(runGroup(message));
    if (message.some(({ operation, input }) => known[operation]?.erases?.(input as never) === true)) cutLogSoon();
    return;
  }
  database.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');
