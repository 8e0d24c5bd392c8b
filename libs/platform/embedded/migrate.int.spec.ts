import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderUnusable } from './data-folder-unusable.ts';
import { type Migration, migrate } from './migrate.ts';

describe('migrate', () => {
  let folder: string;
  let ran: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mixdown-migrate-'));
    ran = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const version = async () => (await readFile(join(folder, 'schema-version'), 'utf8')).trim();
  const to =
    (name: string): Migration =>
    async () => {
      ran.push(`${name} at ${await version().catch(() => 'none')}`);
    };

  it('runs all in order on a new folder, each recorded before the next', async () => {
    await migrate(folder, [to('one'), to('two'), to('three')]);
    expect(ran).toEqual(['one at none', 'two at 1', 'three at 2']);
    expect(await version()).toBe('3');
  });

  it('runs only what is missing', async () => {
    await migrate(folder, [to('one'), to('two')]);
    await migrate(folder, [to('one'), to('two'), to('three')]);
    await migrate(folder, [to('one'), to('two'), to('three')]);
    expect(ran).toEqual(['one at none', 'two at 1', 'three at 2']);
  });

  it('goes on where it was interrupted', async () => {
    const failing: Migration = () => Promise.reject(new Error('cut short'));
    await expect(migrate(folder, [to('one'), failing, to('three')])).rejects.toThrow('cut short');
    expect(await version()).toBe('1');
    await migrate(folder, [to('one'), to('two'), to('three')]);
    expect(ran).toEqual(['one at none', 'two at 1', 'three at 2']);
  });

  it('refuses a folder of a newer version, and changes nothing', async () => {
    await migrate(folder, [to('one'), to('two')]);
    await expect(migrate(folder, [to('one')])).rejects.toThrow(DataFolderUnusable);
    expect([ran.length, await version()]).toEqual([2, '2']);
  });

  it('refuses a version that is no number', async () => {
    await writeFile(join(folder, 'schema-version'), 'one');
    await expect(migrate(folder, [to('one')])).rejects.toThrow('should hold a number, but holds "one"');
    expect(ran).toEqual([]);
  });
});
