import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Blobs } from '#blobs';
import { Config } from '#config';
import type { BlobRef, Settings } from '#contracts';
import { admitBody, Problem } from '#http';
import { cleanFileName } from '../application/file-name.ts';
import { AdmissionGate } from './admission-gate.ts';
import { readConvert } from './convert-parameter.ts';
import { drainAfterRefusal } from './drain-after-refusal.ts';
import { minimumProgress, ProgressWatch } from './progress-watch.ts';
import { readMultipart } from './read-multipart.ts';
import { UploadMetrics } from './upload-metrics.ts';

/** A body that is stored, and what was said of it. */
export interface ReceivedBody {
  readonly blob: BlobRef;
  readonly fileName: string | null;
  readonly mediaType: string | null;
  readonly convert: Settings | null;
}

/** Boundaries, headers and fields that a multipart body has beside the file. */
const multipartOverhead = 256 * 1024;
const longestMediaType = 255;

/** From a request's body to a stored blob. What can be refused is refused before the body is read. */
@Injectable()
export class ReceiveBody {
  readonly #gate: AdmissionGate;

  constructor(
    private readonly blobs: Blobs,
    private readonly config: Config,
    private readonly metrics: UploadMetrics,
  ) {
    this.#gate = new AdmissionGate(config.uploadConcurrency);
    metrics.watch(this.#gate);
  }

  /** @param complete acknowledges the stored body; if it fails, nobody will, and the blob goes */
  async receive<T>(request: Request, response: Response, complete: (body: ReceivedBody) => Promise<T>): Promise<T> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const read = this.#wayToRead(request);
      const leave = await this.#gate.enter(gone.signal);
      try {
        admitBody(request, response);
        const body = await read(gone.signal);
        this.metrics.accepted(body.blob.bytes);
        return await complete(body);
      } finally {
        leave();
      }
    } catch (error) {
      this.metrics.refused(error);
      drainAfterRefusal(request, response);
      throw error;
    }
  }

  #wayToRead(request: Request): (gone: AbortSignal) => Promise<ReceivedBody> {
    const { maxUploadBytes } = this.config;
    const isMultipart = request.is('multipart/form-data') !== false;
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > maxUploadBytes + (isMultipart ? multipartOverhead : 0)) {
      throw new Problem('upload-too-large', `At most ${maxUploadBytes} bytes are taken.`);
    }
    if (isMultipart) return (gone) => this.#readForm(request, gone);
    if (request.is('application/json')) {
      throw new Problem('not-supported', 'This version does not import from a URL.', {
        errors: [{ pointer: '/url', detail: 'this version cannot do it' }],
      });
    }
    const mediaType = request.headers['content-type'];
    if (mediaType === undefined || request.is('application/x-www-form-urlencoded')) {
      throw new Problem(
        'unsupported-media-type',
        'Send multipart/form-data, or the file itself with its media type (application/octet-stream will do).',
      );
    }
    const convert = readConvert(queryText(request, 'convert'));
    const fileName = cleanFileName(queryText(request, 'filename'));
    return async (gone) => {
      const watch = new ProgressWatch(minimumProgress, (problem) => request.destroy(problem));
      try {
        const blob = await this.#store(counted(request, watch), gone);
        return { blob, fileName, mediaType: mediaType.slice(0, longestMediaType), convert };
      } finally {
        watch.stop();
      }
    };
  }

  async #readForm(request: Request, gone: AbortSignal): Promise<ReceivedBody> {
    const inQuery = queryText(request, 'convert');
    readConvert(inQuery);
    const slow = new AbortController();
    const watch = new ProgressWatch(minimumProgress, (problem) => slow.abort(problem));
    try {
      return await readMultipart<ReceivedBody>(
        request,
        watch,
        slow.signal,
        async ({ bytes, fileName, mediaType, fields }) => {
          for (const name of fields.keys()) {
            if (name === 'convert') continue;
            const errors = [{ pointer: `/${name}`, detail: 'there is no such field' }];
            throw new Problem(
              'invalid-request',
              `The form has a field ${JSON.stringify(name)}, which means nothing here.`,
              { errors },
            );
          }
          const convert = readConvert(fields.get('convert') ?? inQuery);
          const blob = await this.#store(bytes, gone);
          return { blob, fileName: cleanFileName(fileName), mediaType: mediaType.slice(0, longestMediaType), convert };
        },
        ({ blob }) => this.blobs.remove(blob.key),
      );
    } finally {
      watch.stop();
    }
  }

  async #store(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<BlobRef> {
    const blob = await this.blobs.write(bytes, { maxBytes: this.config.maxUploadBytes, signal });
    if (blob.bytes > 0) return blob;
    await this.blobs.remove(blob.key);
    throw new Problem('invalid-request', 'The file is empty.', { errors: [{ pointer: '/file', detail: 'empty' }] });
  }
}

async function* counted(stream: Readable, watch: ProgressWatch): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    watch.add(chunk.length);
    yield chunk;
  }
}

function queryText({ query }: Request, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : undefined;
}
