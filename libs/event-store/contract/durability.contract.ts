import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { follow, isCaughtUp, newEvents, newStream, readAll } from './events.contract.ts';
import type { EventStoreUnderTest, OpenedEventStore } from './under-test.contract.ts';

const acknowledgementsBeforeKill = 400;

export function durabilityContract({ open, lacks }: EventStoreUnderTest): void {
  describe('what was acknowledged', () => {
    let opened: OpenedEventStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it.skipIf(lacks?.reopen !== undefined)(`survives closing and reopening ${lacks?.reopen ?? ''}`, async () => {
      const { store, reopen } = opened;
      if (reopen === undefined) throw new Error('the adapter neither reopens nor says why not');
      const stream = newStream();
      const start = await store.head();
      const first = await store.append(stream, 'no-stream', newEvents(2));
      const before = await readAll(store, stream);
      const reopened = await reopen();
      expect(await readAll(reopened, stream)).toEqual(before);
      expect(await reopened.append(stream, 'no-stream', before)).toEqual(first);
      await reopened.append(stream, 1n, newEvents(1));
      expect(await follow(reopened, start, ['conversion'], isCaughtUp)).toHaveLength(4);
    });

    it.skipIf(lacks?.appender !== undefined)(`survives SIGKILL ${lacks?.appender ?? ''}`, async () => {
      const { reopen, appender } = opened;
      if (reopen === undefined || appender === undefined)
        throw new Error('the adapter lacks an appender and does not say why');
      const acknowledged: string[] = [];
      for (let life = 0; life < 3; life += 1) acknowledged.push(...(await killWhileAppending(appender)));
      const store = await reopen();
      for (const [stream, lines] of Map.groupBy(acknowledged, (line) => line.split(' ')[0] ?? '')) {
        const found = await readAll(store, stream);
        expect(found.map(({ revision, id }) => `${stream} ${revision} ${id}`)).toEqual(expect.arrayContaining(lines));
        expect(found.map(({ revision }) => revision)).toEqual(found.map((_, index) => BigInt(index)));
        // At most the one append that was under way is there without having been acknowledged.
        expect(found.length - lines.length).toBeLessThanOrEqual(1);
      }
    });
  });
}

/** The acknowledgements, `<stream> <revision> <id>`, that the program printed before it was killed. */
async function killWhileAppending(program: readonly string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--conditions=mixdown-source', ...program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === acknowledgementsBeforeKill) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  // What the kill cut off is no acknowledgement.
  return lines.filter((line) => /^\S+ \d+ [0-9a-f-]{36}$/.test(line));
}
