/** The part that every adapter's appender has in common; the adapter's own opens the store. */
import { writeSync } from 'node:fs';
import type { EventStore } from '../event-store.ts';
import { newEvent, newStream } from './events.contract.ts';

const writers = 8;
const standardOutput = 1;

/** Appends to several streams at once and prints each acknowledgement as it comes. Does not return. */
export async function appendUntilKilled(store: EventStore): Promise<void> {
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const stream = newStream();
      for (let expected: bigint | 'no-stream' = 'no-stream'; ; ) {
        const event = newEvent();
        expected = (await store.append(stream, expected, [event])).revision;
        writeSync(standardOutput, `${stream} ${expected} ${event.id}\n`);
      }
    }),
  );
}
