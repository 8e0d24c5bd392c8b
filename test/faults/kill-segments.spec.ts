import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeMedia, removeTestMedia } from '#testing/media';
import { Client } from '../support/client.ts';
import { System, temporaryFolder } from '../support/system.ts';

afterAll(removeTestMedia);

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

it('a crash after a segment loses no segment that was reported, and the bytes are the same', async () => {
  const video = await makeMedia('mov-pcm', { seconds: 240 });
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const first = await System.start(data, { CRASH_AT: 'encoder.segment-stored:1' });
  const client = await Client.register(first.url);
  const { id: uploadId } = await client.upload(video);
  const id = await client.convert(uploadId, {}, 'the-key');
  await first.ended();
  const second = await System.start(data);
  client.url = second.url;
  expect(await client.end(id)).toMatchObject({ status: 'completed' });
  const types = (await client.history(id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'mixdown.conversion.segment-encoded.v1').length).toBeGreaterThan(2);
  const again = await client.convert(uploadId, {}, 'another-key');
  expect(await client.end(again)).toMatchObject({ status: 'completed' });
  expect(sha256(await client.download(again))).toBe(sha256(await client.download(id)));
  expect(await second.stop()).toBe(0);
});
