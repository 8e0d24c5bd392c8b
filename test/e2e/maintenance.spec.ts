import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client, expectOk } from '../support/client.ts';
import { mixdown } from '../support/command-line.ts';
import { System, temporaryFolder } from '../support/system.ts';

interface Told {
  readonly type: string;
  readonly finding?: Readonly<Record<string, string>>;
  readonly findings?: number;
  readonly looked?: Readonly<Record<string, number>>;
  readonly readModel?: string;
}

let template: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
let token: string;
let uploadId: string;
let id: string;

/** What one conversion leaves in a data folder: every test has a copy of its own. */
beforeAll(async () => {
  template = await temporaryFolder();
  const system = await System.start(join(template.path, 'data'));
  const client = await Client.register(system.url);
  token = client.token;
  const upload = await client.upload(await makeMedia('mp4-aac', { seconds: 2 }), 'mp3');
  uploadId = upload.id;
  id = upload.conversion?.id ?? 'none';
  expect(await client.end(id)).toMatchObject({ status: 'completed' });
  await vi.waitFor(async () => expect((await list(client)).items).toMatchObject([{ id, status: 'completed' }]), {
    timeout: 30_000,
  });
  await system.stop();
});
afterAll(async () => {
  await template[Symbol.asyncDispose]();
  removeTestMedia();
});

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
  await cp(join(template.path, 'data'), data, { recursive: true });
});
afterEach(() => folder[Symbol.asyncDispose]());

async function list(client: Client, of = 'conversions') {
  return (await (await expectOk(client.fetch(`/v1/${of}`))).json()) as { items: readonly Record<string, unknown>[] };
}

async function serve(): Promise<AsyncDisposable & { readonly client: Client }> {
  const system = await System.start(data);
  return {
    client: Client.with(system.url, token),
    [Symbol.asyncDispose]: async () => expect(await system.stop()).toBe(0),
  };
}

async function run(command: 'verify' | 'rebuild') {
  const { code, stdout, stderr } = await mixdown([command, '--json'], {
    cwd: folder.path,
    environment: { DATA_DIR: data },
  });
  const told = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Told => JSON.parse(line));
  return { code, stderr, told, findings: told.flatMap(({ finding }) => (finding === undefined ? [] : [finding])) };
}

/** Whatever the stores may say: a change that no event tells of. */
function change(file: 'events' | 'documents', sql: string, ...parameters: string[]): void {
  const database = new DatabaseSync(join(data, `${file}.db`));
  database.prepare(sql).run(...parameters);
  database.close();
}

const live = 'conversions-v2-g1';

/** The upload's and the output's, which is smaller: the blobs that a finished conversion leaves. */
async function blobFiles(): Promise<readonly [upload: string, output: string]> {
  const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sized = await Promise.all(files.map(async (path) => ({ path, bytes: (await readFile(path)).length })));
  const [upload, output, ...others] = sized.toSorted((a, b) => b.bytes - a.bytes).map(({ path }) => path);
  if (upload === undefined || output === undefined || others.length > 0) throw new Error('not two blobs');
  return [upload, output];
}

describe('verify', () => {
  it('finds everything as the log says, beside the service and without it', async () => {
    const expectRight = async () => {
      const { code, stderr, told } = await run('verify');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(told).toMatchObject([{ type: 'verified', findings: 0, looked: { streams: 2, blobs: 2 } }]);
      expect(told[0]?.looked?.documents).toBeGreaterThanOrEqual(4);
    };
    await expectRight();
    await using _ = await serve();
    await expectRight();
  });

  it('names a blob of which a byte was changed, and one that is gone', async () => {
    const [missing, damaged] = await blobFiles();
    const bytes = await readFile(damaged);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await chmod(damaged, 0o600);
    await writeFile(damaged, bytes);
    await rm(missing);
    const { code, findings } = await run('verify');
    expect(code).toBe(1);
    expect(findings).toHaveLength(2);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'blob', stream: `conversion-${id}`, detail: expect.stringMatching(/corrupt/) }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'blob', stream: `upload-${uploadId}`, detail: expect.stringMatching(/missing/) }),
    );
  });

  it.each([
    ['was changed', `UPDATE "${live}" SET document = json_set(document, '$.status', 'failed') WHERE id = ?`, /status/],
    ['is gone', `DELETE FROM "${live}" WHERE id = ?`, /missing/],
    ['tells of a revision that there is not', `UPDATE "${live}" SET revision = 99 WHERE id = ?`, /revision 99/],
  ])('names a row of a read model that %s', async (_, sql, detail) => {
    change('documents', sql, id);
    const { code, findings } = await run('verify');
    expect(code).toBe(1);
    expect(findings).toEqual([
      {
        ...{ kind: 'read-model', readModel: 'conversion-list', collection: 'conversions', id },
        detail: expect.stringMatching(detail),
      },
    ]);
  });

  it.each([
    [
      'whose content was changed',
      `UPDATE events SET data = json_set(data, '$.output.samples', 1) WHERE stream = ? AND type = 'ConversionCompleted'`,
      { kind: 'event', detail: expect.stringMatching(/not what was recorded/) },
    ],
    [
      'that is no JSON any more',
      `UPDATE events SET data = substr(data, 2) WHERE stream = ? AND type = 'SegmentEncoded'`,
      { kind: 'event', detail: expect.stringMatching(/cannot be read/) },
    ],
    [
      'that is gone',
      `DELETE FROM events WHERE stream = ? AND type = 'SourceInspected'`,
      { kind: 'history', detail: expect.stringMatching(/1 event\(s\) before revision 3 are missing/) },
    ],
  ])('names an event %s', async (_, sql, finding) => {
    change('events', sql, `conversion-${id}`);
    const { code, findings } = await run('verify');
    expect(code).toBe(1);
    expect(findings).toContainEqual(expect.objectContaining({ stream: `conversion-${id}`, ...finding }));
  });

  it('says what is wrong in sentences, too', async () => {
    change('documents', `DELETE FROM "${live}" WHERE id = ?`, id);
    const { code, stdout, stderr } = await mixdown(['verify'], { cwd: folder.path, environment: { DATA_DIR: data } });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `conversions/${id} of the read model conversion-list: it is missing\n`,
    });
    expect(stderr).toMatch(/1 thing\(s\) are not as the log says/);
  });
});

describe('rebuild', () => {
  it('puts right what is wrong with the lists while they serve, and touches no record', async () => {
    await using served = await serve();
    const { client } = served;
    const expected = await list(client);
    change('documents', `UPDATE "${live}" SET document = json_set(document, '$.status', 'failed') WHERE id = ?`, id);
    change('documents', `DELETE FROM "uploads-v1-g1" WHERE id = ?`, uploadId);
    expect(await list(client)).not.toEqual(expected);
    let isDone = false;
    const done = run('rebuild').finally(() => {
      isDone = true;
    });
    while (!isDone) expect((await list(client)).items).toHaveLength(1);
    const { code, told } = await done;
    expect(code).toBe(0);
    const models = ['accepted-conversions', 'blob-owners', 'conversion-list', 'upload-list'];
    expect(told.map(({ readModel }) => readModel).sort()).toEqual(models);
    expect(await list(client)).toEqual(expected);
    expect(await run('verify')).toMatchObject({ code: 0 });
    expect((await list(client, 'uploads')).items).toMatchObject([
      { id: uploadId, fileName: expect.stringMatching(/\.mp4$/) },
    ]);
  });

  it('works without the service, which goes on with what was made', async () => {
    change('documents', `DELETE FROM "${live}" WHERE id = ?`, id);
    expect(await run('rebuild')).toMatchObject({ code: 0 });
    expect(await run('verify')).toMatchObject({ code: 0 });
    await using served = await serve();
    const { client } = served;
    expect((await list(client)).items).toMatchObject([{ id, status: 'completed' }]);
    await client.convert(uploadId);
    await expect.poll(async () => (await list(client)).items.length).toBe(2);
  });
});

describe('a data folder', () => {
  it('that is used by something that is no service is not waited for', async () => {
    const { DataFolder } = await import('../../libs/platform/embedded/data-folder.ts');
    const held = await DataFolder.open(data);
    try {
      const { code, stderr } = await mixdown(['verify'], { cwd: folder.path, environment: { DATA_DIR: data } });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/does not answer/) });
    } finally {
      held.close();
    }
  });
});
