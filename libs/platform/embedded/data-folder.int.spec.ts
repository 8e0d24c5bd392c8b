import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from './data-folder.ts';
import { DataFolderInUse, DataFolderUnusable } from './data-folder-unusable.ts';

const holder = fileURLToPath(new URL('./hold-data-folder.contract.ts', import.meta.url));
const permissions = 0o777;

describe('a data folder', () => {
  let parent: string;
  let path: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'mixdown-data-folder-'));
    path = join(parent, 'some', 'data');
  });
  afterEach(() => rm(parent, { recursive: true }));

  async function modeOf(name: string): Promise<number> {
    return (await stat(join(path, name))).mode & permissions;
  }

  it('is made with what it needs, for its owner alone', async () => {
    const folder = await DataFolder.open(path);
    expect([folder.path, folder.eventsFile, folder.documentsFile]).toEqual([
      ...[path, join(path, 'events.db'), join(path, 'documents.db')],
    ]);
    for (const name of ['.', 'blobs', 'work']) expect(await modeOf(name)).toBe(0o700);
    expect([folder.blobsFolder, folder.workFolder]).toEqual([join(path, 'blobs'), join(path, 'work')]);
    expect(await readFile(join(path, 'schema-version'), 'utf8')).toBe('1\n');
    folder.close();
  });

  it('can be opened again once it is closed, and not before', async () => {
    const first = await DataFolder.open(path);
    await expect(DataFolder.open(path)).rejects.toThrow(DataFolderInUse);
    await expect(DataFolder.open(path)).rejects.toThrow(DataFolderInUse);
    first.close();
    first.close();
    const second = await DataFolder.open(path);
    second.close();
  });

  it('is refused while another process has it, by name, and free as soon as that one is killed', async () => {
    const child = spawn(process.execPath, ['--conditions=mixdown-source', holder, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      const refusal = await DataFolder.open(path).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DataFolderInUse);
      expect(refusal).toBeInstanceOf(DataFolderUnusable);
      expect(refusal).toMatchObject({ code: 'data-folder-in-use' });
      expect(String(refusal)).toContain(`${path} is in use by process ${child.pid} on `);
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    (await DataFolder.open(path)).close();
  });

  it('keeps one secret, readable by its owner alone', async () => {
    const first = await DataFolder.open(path);
    const [secret, same] = await Promise.all([first.jwtSecret(), first.jwtSecret()]);
    expect(same).toBe(secret);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
    expect(await modeOf('jwt-secret')).toBe(0o600);
    first.close();
    const second = await DataFolder.open(path);
    expect(await second.jwtSecret()).toBe(secret);
    second.close();
    expect((await readdir(path)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('does not sign with a secret that was cut', async () => {
    (await DataFolder.open(path).then(async (folder) => [folder, await folder.jwtSecret()] as const))[0].close();
    await truncate(join(path, 'jwt-secret'), 5);
    const folder = await DataFolder.open(path);
    await expect(folder.jwtSecret()).rejects.toThrow(`${join(path, 'jwt-secret')} is damaged`);
    folder.close();
  });

  it('is refused when a newer version has written it, and is not held then', async () => {
    (await DataFolder.open(path)).close();
    await writeFile(join(path, 'schema-version'), '2\n');
    await expect(DataFolder.open(path)).rejects.toThrow('was written by a newer version of mixdown (schema 2;');
    await writeFile(join(path, 'schema-version'), '1\n');
    (await DataFolder.open(path)).close();
  });

  it('is refused where no folder can be', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const [given, why] of [
      [file, 'it is not a folder'],
      [join(file, 'data'), 'is not a folder'],
    ] as const) {
      const refusal = await DataFolder.open(given).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DataFolderUnusable);
      expect(String(refusal)).toContain(`${given} cannot be used for data: `);
      expect(String(refusal)).toContain(why);
    }
  });
});
