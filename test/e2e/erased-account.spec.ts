import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Client, password } from '../support/client.ts';
import { filesWith, wavOf } from '../support/search-files.ts';
import { System, temporaryFolder } from '../support/system.ts';

const traces = [
  'THE-VERY-SOUND-!',
  'name-that-nobody-may-see',
  'note-that-nobody-may-see',
  'erased@example.org',
] as const;
const [sound, fileName, note, email] = traces;

it('an account that is erased leaves nothing in any file', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const system = await System.start(data);
  const client = await Client.register(system.url, email);
  const [short, long] = [join(folder.path, `${fileName}.wav`), join(folder.path, `${fileName} too.wav`)];
  await writeFile(short, wavOf(sound, 2));
  await writeFile(long, wavOf(sound, 120));
  const done = await client.convert((await client.upload(short)).id, { metadata: { note } });
  await client.end(done);
  const goingOn = await client.convert((await client.upload(long)).id, { metadata: { note } });
  for await (const { type } of client.follow(goingOn)) if (type === 'mixdown.conversion.source-inspected.v1') break;
  expect(new Set((await filesWith(data, traces)).map((found) => found.replace(/^.*: /, '')))).toEqual(new Set(traces));

  const erased = await client.fetch('/v1/me', {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  expect(erased.status).toBe(202);
  await vi.waitFor(async () => expect(await filesWith(data, traces)).toEqual([]), { timeout: 60_000, interval: 200 });
  expect(await system.stop()).toBe(0);
  expect(await filesWith(data, traces)).toEqual([]);
});
