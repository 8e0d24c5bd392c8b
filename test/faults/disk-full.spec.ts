import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

const execute = promisify(execFile);
const mebibyte = 1024 ** 2;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let mounted = false;

beforeAll(async () => {
  folder = await temporaryFolder();
  mounted = await execute('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder.path]).then(
    () => true,
    () => false,
  );
});

afterAll(async () => {
  if (mounted) await execute('umount', ['-l', folder.path]);
  await folder[Symbol.asyncDispose]();
  removeTestMedia();
});

describe('a full disk', () => {
  it('is said so, harms nothing that was acknowledged, and is over when there is room', async ({ skip }) => {
    skip(!mounted, 'needs leave to mount a small file system');
    const system = await System.start(join(folder.path, 'data'));
    const client = await Client.register(system.url);
    const video = await makeMedia('mp4-aac', { seconds: 5 });
    const { id } = await client.upload(video);

    const large = await fileOf('large.mp4', new Uint8Array(40 * mebibyte));
    await expect(client.upload(large)).rejects.toThrow('storage-full');

    // Filled from outside, to the last byte: now there is no room for an event, either.
    const filler = join(folder.path, 'filler');
    await writeFile(filler, new Uint8Array(40 * mebibyte)).catch(() => undefined);
    const refused = await client.postJson('/v1/conversions', { uploadId: id });
    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ code: 'storage-full' });
    expect((await client.fetch(`/v1/uploads/${id}`)).status).toBe(200);

    await writeFile(filler, '');
    const conversion = await client.convert(id);
    expect(await client.end(conversion)).toMatchObject({ status: 'completed' });
    expect(await system.stop()).toBe(0);
  });
});
