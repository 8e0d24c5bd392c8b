/** Runs in a thread of its own: one database, requests in groups. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDurably } from './open-durably.ts';
import type { Call, Prepare } from './protocol.ts';
import { groupRunner } from './run-group.ts';

const { path, operations } = workerData as { path: string; operations: string };
const database = openDurably(path);
const { prepare } = (await import(operations)) as { prepare: Prepare };
const runGroup = groupRunner(database, prepare(database));

parentPort?.on('message', (message: readonly Call[] | 'close') => {
  if (message !== 'close') {
    parentPort?.postMessage(runGroup(message));
    return;
  }
  database.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');
