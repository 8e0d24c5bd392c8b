import { afterEach, describe, expect, it } from 'vitest';
import type { Blobs } from '#blobs';
import { readUploadEvent, StorageFull, uploadFiles } from '#contracts';
import type { Documents } from '#documents';
import { type EventStore, OutcomeUnknown } from '#event-store';
import { limits } from './limits.ts';
import { type Obstacles, startUploads, type UploadApp, until } from './upload-app.contract.ts';

let app: UploadApp;
afterEach(() => app[Symbol.asyncDispose]());

/** The real thing, one method of which does something else, at first or always. */
function instead<T extends object>(
  real: T,
  method: keyof T,
  other: (...all: never[]) => Promise<unknown>,
  times = 1,
): T {
  let left = times;
  return new Proxy(real, {
    get(target, name) {
      if (name === method && left > 0) {
        left -= 1;
        return other;
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function upload(
  body: string | Buffer<ArrayBuffer> = 'the video',
): Promise<readonly [number, string | undefined]> {
  const headers = { authorization: `Bearer ${app.token}`, 'content-type': 'video/mp4' };
  const url = `${app.url}/v1/uploads?filename=a.mp4`;
  const response = await fetch(url, { method: 'POST', headers, body });
  return [response.status, /"code":"([a-z-]+)"/.exec(await response.text())?.[1]];
}

const full = async () => {
  throw new StorageFull();
};

describe('when there is no room', () => {
  it.each<[string, Obstacles]>([
    ['for the bytes', { blobs: (real) => instead(real, 'write', full) }],
    ['for the file name', { documents: (real) => instead(real, 'insert', full) }],
    ['for the event', { events: (real) => instead(real, 'append', full) }],
  ])('%s, an upload says so, leaves no bytes, and works again when there is', async (_, obstacles) => {
    app = await startUploads({}, obstacles);
    expect(await upload()).toEqual([507, 'storage-full']);
    expect(await app.files()).toEqual([]);
    expect(await app.events()).toEqual([]);
    expect(await upload()).toEqual([201, undefined]);
  });
});

describe('when the log’s answer is lost', () => {
  const storedButUnknown = (real: EventStore): EventStore['append'] => {
    return async (stream, ...rest) => {
      await real.append(stream, ...rest);
      throw new OutcomeUnknown(stream);
    };
  };

  it('the same append is sent again, and adds nothing', async () => {
    app = await startUploads({}, { events: (real) => instead(real, 'append', storedButUnknown(real)) });
    expect(await upload()).toEqual([201, undefined]);
    expect(await app.events()).toHaveLength(1);
  });

  it('again and again, an upload is not acknowledged, but its bytes stay, because the event may be there', async () => {
    app = await startUploads(
      {},
      { events: (real) => instead(real, 'append', storedButUnknown(real), Number.POSITIVE_INFINITY) },
    );
    expect(await upload()).toEqual([503, 'dependency-unavailable']);
    const keys = (await app.events()).map((recorded) => readUploadEvent(recorded)).map(({ data }) => data);
    const files = await app.files();
    expect(keys).toEqual([expect.objectContaining({ blob: expect.objectContaining({ key: files[0] }) })]);
  });
});

it('a client is not too slow when it is the storing that is', async () => {
  const storing = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  app = await startUploads(
    {},
    {
      blobs: (real) => {
        const write: Blobs['write'] = async (bytes, options) => {
          storing.resolve();
          await goOn.promise;
          return real.write(bytes, options);
        };
        return instead(real, 'write', write);
      },
    },
  );
  const uploaded = upload(Buffer.alloc(4 * limits.minimumProgress.bytes));
  await storing.promise;
  await until(() => app.bytesRead() > limits.minimumProgress.bytes);
  await until(() => app.clock.sleeping === 1);
  // What has come in passes through all streams before the time does.
  for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
  for (let times = 0; times < 5; times += 1) await app.clock.advance(limits.minimumProgress.milliseconds);
  goOn.resolve();
  expect(await uploaded).toEqual([201, undefined]);
});

it('the event comes last: bytes and file name are there before it', async () => {
  let documents: Documents | null = null;
  const seen: unknown[] = [];
  app = await startUploads(
    {},
    {
      documents: (real) => {
        documents = real;
        return real;
      },
      events: (real) => {
        const append: EventStore['append'] = async (stream, ...rest) => {
          seen.push(await app.files(), await documents?.get(uploadFiles, stream.replace('upload-', '')));
          return real.append(stream, ...rest);
        };
        return instead(real, 'append', append);
      },
    },
  );
  expect(await upload()).toEqual([201, undefined]);
  expect(seen).toEqual([
    [expect.any(String)],
    expect.objectContaining({ document: { fileName: 'a.mp4', userId: app.userId } }),
  ]);
});
