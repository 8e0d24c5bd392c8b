/** For the spec that watches the system calls: one append between two words on standard output. */
import { writeSync } from 'node:fs';
import { newEvents, newStream } from '../contract/events.contract.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

const standardOutput = 1;
const [, , path = ':memory:'] = process.argv;
const store = await SqliteEventStore.open(path);
const stream = newStream();
const { revision } = await store.append(stream, 'no-stream', newEvents(1));
writeSync(standardOutput, 'asked\n');
await store.append(stream, revision, newEvents(1));
writeSync(standardOutput, 'acknowledged\n');
await store.close();
