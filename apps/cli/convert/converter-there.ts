import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Conversion, MixdownClient } from '#client';
import { type Converter, progressOf, type Work } from './converter.ts';

const goodbyeMilliseconds = 3_000;

/** A server: the video is uploaded, its conversion followed, the output downloaded. */
export class ConverterThere implements Converter {
  constructor(private readonly client: MixdownClient) {}

  async convert({ video, settings, signal, onProgress }: Work): Promise<Conversion> {
    const file = await openAsBlob(video);
    const upload = await this.client.upload(file, {
      ...{ fileName: basename(video), signal },
      onProgress: (bytes) => onProgress({ phase: 'uploading', percent: (bytes / file.size) * 100, eta: null }),
    });
    let last = await this.client.convert(upload.id, { settings }, { signal });
    try {
      for await (const live of this.client.follow(last.id, { signal })) {
        if (live.type === 'conversion') last = live.conversion;
        onProgress(progressOf({ ...last, ...(live.type === 'progress' ? live : {}) }));
      }
    } catch (error) {
      if (signal.aborted) await this.#cancel(last.id);
      throw error;
    }
    return last;
  }

  async output(conversionId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return (await this.client.download(conversionId, { signal })).chunks;
  }

  /** Nothing is open between requests. */
  async [Symbol.asyncDispose](): Promise<void> {}

  /** Nobody waits for it any more. A server that does not hear of it converts in vain: no reason to stay. */
  async #cancel(id: string): Promise<void> {
    await this.client.cancel(id, { signal: AbortSignal.timeout(goodbyeMilliseconds) }).catch(() => undefined);
  }
}
