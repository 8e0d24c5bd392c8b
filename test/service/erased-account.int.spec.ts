import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountStream } from '#contracts';
import { EventStore } from '#event-store';
import { Client, expectOk } from '../support/client.ts';
import { type InProcess, startInProcess } from '../support/in-process.ts';
import { filesWith, wavOf } from '../support/search-files.ts';
import { temporaryFolder } from '../support/system.ts';

const content = 'THE-VERY-SOUND-!';
const fileName = 'name-that-nobody-may-see';
const note = 'note-that-nobody-may-see';
const traces = [content, fileName, note];
const patience = { timeout: 30_000, interval: 100 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
let running: InProcess;
let mine: Client;
let others: Client;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
  running = await startInProcess(data);
  mine = await Client.register(running.url);
  others = await Client.register(running.url);
});

afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Uploads a file that is known again, and starts a conversion with a note that is. */
async function convert(client: Client, seconds: number, texts: readonly [string, string, string]): Promise<string> {
  const [sound, name, metadata] = texts;
  const path = join(folder.path, `${name}.wav`);
  await writeFile(path, wavOf(sound, seconds));
  return client.convert((await client.upload(path)).id, { metadata: { note: metadata } });
}

const convertMine = (seconds: number) => convert(mine, seconds, [content, fileName, note]);
const convertTheirs = () => convert(others, 2, ['ANOTHER-SOUND-!!', 'another-name', 'another-note']);

async function erase(client: Client): Promise<void> {
  const account = (await (await expectOk(client.fetch('/v1/me'))).json()) as { id: string };
  const metadata = { commandId: randomUUID(), at: new Date().toISOString(), schema: 1 };
  const erased = { id: randomUUID(), type: 'AccountErased', data: {}, metadata };
  await running.app.get(EventStore).append(accountStream(account.id), 'no-stream', [erased]);
}

async function list(client: Client, of: 'uploads' | 'conversions'): Promise<readonly { readonly id: string }[]> {
  return ((await (await expectOk(client.fetch(`/v1/${of}`))).json()) as { items: { id: string }[] }).items;
}

async function expectNothingLeft(): Promise<void> {
  await vi.waitFor(async () => {
    expect([await list(mine, 'uploads'), await list(mine, 'conversions')]).toEqual([[], []]);
    expect(await filesWith(data, traces)).toEqual([]);
  }, patience);
}

async function blobs(): Promise<readonly string[]> {
  const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('when an account is erased', () => {
  it('nothing of it is left in any file, done or going on, and everything of others is', async () => {
    const theirs = await convertTheirs();
    await others.end(theirs);
    await vi.waitFor(async () => expect(await list(others, 'conversions')).toHaveLength(1), patience);
    const theirBlobs = await blobs();
    const done = await convertMine(2);
    await mine.end(done);
    const goingOn = await convertMine(120);
    for await (const { type } of mine.follow(goingOn)) if (type === 'mixdown.conversion.source-inspected.v1') break;
    expect(await filesWith(data, traces)).not.toEqual([]);

    await erase(mine);
    await expectNothingLeft();
    for (const id of [done, goingOn]) expect((await mine.fetch(`/v1/conversions/${id}`)).status).toBe(404);
    await vi.waitFor(async () => expect([...(await blobs())].sort()).toEqual([...theirBlobs].sort()), patience);
    expect(await list(others, 'conversions')).toMatchObject([{ id: theirs, metadata: { note: 'another-note' } }]);
    expect((await others.download(theirs)).length).toBeGreaterThan(0);
  });

  it('what is sent in the same moment goes as well', async () => {
    await erase(mine);
    // The token is still good for a while.
    await convertMine(2);
    await expectNothingLeft();
    await vi.waitFor(async () => expect(await blobs()).toEqual([]), patience);
  });

  it('a list that is built anew touches nobody else, and says nothing new', async () => {
    const theirs = await convertTheirs();
    await others.end(theirs);
    const deleted = await convert(others, 2, ['A-THIRD-SOUND-!!', 'a-third-name', 'a-third-note']);
    const { uploadId } = await others.end(deleted);
    await expectOk(others.fetch(`/v1/uploads/${String(uploadId)}`, { method: 'DELETE' }));
    await convertMine(2);
    await erase(mine);
    await expectNothingLeft();
    const expected = await list(others, 'conversions');
    expect(expected).toHaveLength(2);
    const head = await running.app.get(EventStore).head();

    await running[Symbol.asyncDispose]();
    const database = new DatabaseSync(join(data, 'documents.db'));
    for (const table of ['conversions-2', 'uploads-1']) database.exec(`DELETE FROM "${table}"`);
    database.exec("DELETE FROM checkpoints WHERE id IN ('conversion-list-2', 'upload-list-1')");
    database.close();
    running = await startInProcess(data);
    others.url = running.url;
    await vi.waitFor(async () => expect(await list(others, 'conversions')).toEqual(expected), patience);
    expect(await running.app.get(EventStore).head()).toBe(head);
  });
});
