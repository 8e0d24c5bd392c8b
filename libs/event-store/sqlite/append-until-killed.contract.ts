import { appendUntilKilled } from '../contract/append-until-killed.contract.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';

const [, , path = ':memory:'] = process.argv;
await appendUntilKilled(await SqliteEventStore.open(path));
