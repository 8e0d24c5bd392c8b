import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageFull } from '#contracts';
import { SqliteError, SqliteThreadEnded } from './errors.ts';
import type { NoteOperations } from './notes.contract.ts';
import { uniqueViolation } from './result-codes.ts';
import { SqliteThread } from './sqlite-thread.ts';

describe('an SQLite thread', () => {
  let folder: string;
  let path: string;
  let thread: SqliteThread<NoteOperations>;
  const open = () => SqliteThread.open<NoteOperations>(path, './notes.contract', import.meta.url);
  const notes = async () => (await thread.call('all', null)).map(({ text }) => text);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mixdown-sqlite-'));
    path = join(folder, 'notes.db');
    thread = await open();
  });
  afterEach(async () => {
    await thread.close();
    await rm(folder, { recursive: true });
  });

  it('makes every commit durable', async () => {
    expect(await thread.call('pragma', 'synchronous')).toBe(2);
    expect(await thread.call('pragma', 'journal_mode')).toBe('wal');
  });

  it('leaves nothing in its files of what was erased', async () => {
    const secrets = Array.from({ length: 200 }, (_, index) => `secret ${index} ${'x'.repeat(index * 10)}`);
    for (const text of secrets) await thread.call('add', text);
    await thread.call('add', 'what stays');
    const written = async () => {
      const files = await readdir(folder);
      return (await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))).join();
    };
    expect((await written()).includes('secret')).toBe(true);
    await Promise.all(secrets.map((text) => thread.call('remove', text)));
    await vi.waitFor(async () => expect((await written()).includes('secret')).toBe(false), { timeout: 10_000 });
    expect((await written()).includes('what stays')).toBe(true);
  });

  it('takes it out of what a killed process left behind', async () => {
    await thread.call('add', 'a secret');
    await thread.call('remove', 'a secret');
    const left = join(folder, 'left.db');
    for (const ending of ['', '-wal']) await copyFile(`${path}${ending}`, `${left}${ending}`);
    expect(await readFile(`${left}-wal`, 'latin1')).toContain('a secret');
    const next = await SqliteThread.open<NoteOperations>(left, './notes.contract', import.meta.url);
    await vi.waitFor(async () => expect(await readFile(`${left}-wal`, 'latin1')).toBe(''), { timeout: 10_000 });
    expect(await readFile(left, 'latin1')).not.toContain('a secret');
    await next.close();
  });

  it('answers each of many who ask at once', async () => {
    const texts = Array.from({ length: 1_000 }, (_, index) => `note ${index}`);
    const ids = await Promise.all(texts.map((text) => thread.call('add', text)));
    expect(ids).toEqual(texts.map((_, index) => index + 1));
    expect(await notes()).toEqual(texts);
  });

  it('undoes what fails, and nothing of its neighbours', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => {
      if (index % 3 === 0) return thread.call('addAndFail', `failing ${index}`);
      return thread.call('add', index % 3 === 1 ? `good ${index}` : 'taken');
    });
    const outcomes = await Promise.allSettled(asked);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(reasons.every((reason) => reason instanceof SqliteError)).toBe(true);
    const codes = reasons.map(({ errorCode }) => errorCode);
    expect(codes.filter((code) => code === uniqueViolation)).toHaveLength(19);
    expect(codes.filter((code) => code === null)).toHaveLength(20);
    const good = Array.from({ length: 20 }, (_, index) => `good ${index * 3 + 1}`);
    expect((await notes()).filter((text) => text !== 'taken')).toEqual(good);
  });

  it('tells nobody of a success that was undone with the whole transaction', async () => {
    const before = Array.from({ length: 10 }, (_, index) => thread.call('add', `before ${index}`));
    const lost = thread.call('loseTransaction', null);
    const after = Array.from({ length: 10 }, (_, index) => thread.call('add', `after ${index}`));
    const outcomes = await Promise.allSettled([...before, lost, ...after]);
    const succeeded = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(await notes()).toHaveLength(succeeded.length);
    expect(succeeded).toHaveLength(20);
    expect(outcomes[10]?.status).toBe('rejected');
  });

  it('says that the storage is full, still reads, and goes on by itself once there is room', async () => {
    await thread.call('add', 'first');
    const pages = Number(await thread.call('pragma', 'page_count'));
    await thread.call('pragma', `max_page_count=${pages + 4}`);
    const large = Array.from({ length: 8 }, (_, index) => thread.call('add', String(index).repeat(8_192)));
    const outcomes = await Promise.allSettled([...large, thread.call('all', null), thread.call('add', 'small')]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused.length).toBeGreaterThan(5);
    for (const reason of refused) expect(reason).toBeInstanceOf(StorageFull);
    expect(await notes()).toHaveLength(1 + large.length + 1 - refused.length);
    await thread.call('pragma', `max_page_count=${pages + 1_000}`);
    await thread.call('add', 'x'.repeat(8_192));
  });

  it('fails what is pending when it dies, says so, and fails what comes later', async () => {
    const first = thread.call('add', 'first');
    const asked = [
      thread.call('die', null),
      ...Array.from({ length: 300 }, (_, index) => thread.call('add', `${index}`)),
    ];
    await first;
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'sqlite-thread-ended' } });
    }
    expect(await thread.ended).toBeInstanceOf(SqliteThreadEnded);
    await expect(thread.call('all', null)).rejects.toThrow('exit code 3');
  });

  it('does what was asked before it is closed, and refuses what comes later', async () => {
    const asked = Array.from({ length: 1_000 }, (_, index) => thread.call('add', `${index}`));
    const closed = thread.close();
    await expect(thread.call('add', 'late')).rejects.toThrow('it was closed');
    await Promise.all([...asked, closed, thread.close()]);
    expect(await thread.ended).toBeNull();
    thread = await open();
    expect(await notes()).toHaveLength(1_000);
  });

  it('does not open what is no database', async () => {
    const other = join(folder, 'other.db');
    await writeFile(other, 'this is text, and a good deal of it'.repeat(100));
    const opening = SqliteThread.open<NoteOperations>(other, './notes.contract', import.meta.url);
    await expect(opening).rejects.toThrow('file is not a database');
    await expect(
      SqliteThread.open(join(folder, 'no', 'where.db'), './notes.contract', import.meta.url),
    ).rejects.toThrow();
  });
});
