import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Blobs } from '#blobs';
import { Clock } from '#clock';
import { Config } from '#config';
import type { BlobRef, Settings } from '#contracts';
import { admitBody, type Caller, Problem } from '#http';
import { boundToSpan, describeSpan } from '#telemetry';
import { cleanFileName } from '../application/file-name.ts';
import { UploadQuota } from '../application/upload-quota.ts';
import { bodyKindOf } from './body-kind.ts';
import { ClientGone } from './client-gone.ts';
import { readConvert } from './convert-parameter.ts';
import { Gate } from './gate.ts';
import { Intake } from './intake.ts';
import { limits } from './limits.ts';
import { readForm } from './read-form.ts';
import { releasing } from './release.ts';
import { UploadMetrics } from './upload-metrics.ts';

/** A body that is stored, and what was said of it. */
export interface ReceivedBody {
  readonly blob: BlobRef;
  readonly fileName: string | null;
  readonly mediaType: string;
  readonly convert: Settings | null;
}

type Read = (request: Request, gone: AbortSignal) => Promise<ReceivedBody>;

/** From a request's body to a stored blob. What can be refused is refused before the body is read. */
@Injectable()
export class ReceiveBody {
  readonly #gate: Gate;

  constructor(
    private readonly blobs: Blobs,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly metrics: UploadMetrics,
    private readonly quota: UploadQuota,
  ) {
    const { uploadConcurrency: places } = config;
    const { waitingPerPlace, longestWaitMilliseconds } = limits;
    this.#gate = new Gate(clock, { places, waiting: places * waitingPerPlace, longestWaitMilliseconds });
    metrics.watch(this.#gate);
  }

  /**
   * @param caller must be allowed to start a conversion, if the body is to be converted, and have quota left
   * @param complete makes the stored body count
   */
  async receive<T>(
    caller: Caller,
    request: Request,
    response: Response,
    complete: (body: ReceivedBody) => Promise<T>,
  ): Promise<T> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new ClientGone()));
    try {
      const read = await this.#wayToRead(request, caller);
      const leave = await this.#enter(gone.signal);
      try {
        admitBody(request, response);
        const body = await read(request, gone.signal);
        const completed = await complete(body);
        this.metrics.accepted(body.blob.bytes);
        return completed;
      } finally {
        leave();
      }
    } catch (error) {
      this.metrics.refused(error);
      throw error;
    }
  }

  async #enter(gone: AbortSignal): Promise<() => void> {
    const asked = performance.now();
    const leave = await this.#gate.enter(gone);
    describeSpan({ 'mixdown.upload.wait_seconds': (performance.now() - asked) / 1_000 });
    if (leave !== null) return leave;
    gone.throwIfAborted();
    // Spread out, so that not all come back at the same moment.
    const seconds = Math.random() * 2 * this.#gate.delaySeconds;
    const { least, most } = limits.retrySeconds;
    const retryAfterSeconds = Math.min(most, least + Math.floor(seconds));
    throw new Problem('busy', 'More uploads are going on than are taken at once.', { retryAfterSeconds });
  }

  async #wayToRead(request: Request, caller: Caller): Promise<Read> {
    const kind = bodyKindOf(request, this.config.maxUploadBytes);
    const convert = readConvert(queryText(request, 'convert'), caller);
    const fileName = cleanFileName(queryText(request, 'filename'));
    await this.quota.admitUpload(caller.userId, Number(request.headers['content-length'] ?? 0));
    if (convert !== null) await this.quota.admitConversion(caller.userId);
    if (kind.is === 'form') return (request, gone) => this.#readForm(request, gone, caller, convert);
    return async (request, gone) => {
      const intake = this.#intake(request, 0);
      return { blob: await this.#store(intake, intake, gone), fileName, mediaType: kind.mediaType, convert };
    };
  }

  #readForm(request: Request, gone: AbortSignal, caller: Caller, inQuery: Settings | null): Promise<ReceivedBody> {
    let convert = inQuery;
    const intake = this.#intake(request, limits.multipartOverheadBytes);
    return readForm<ReceivedBody>(intake, request.headers, {
      field(name, value) {
        if (name !== 'convert') throw misplaced(name, 'there is no such field');
        if (inQuery !== null) throw misplaced(name, 'it is in the address already');
        convert = readConvert(value, caller);
      },
      keep: boundToSpan(async ({ bytes, fileName, mediaType }) => {
        if (convert !== inQuery) await this.quota.admitConversion(caller.userId);
        return { blob: await this.#store(bytes, intake, gone), fileName: cleanFileName(fileName), mediaType, convert };
      }),
      discard: ({ blob }) => this.blobs.remove(blob.key),
    });
  }

  #intake(request: Request, overheadBytes: number): Intake {
    const { maxUploadBytes: fileBytes } = this.config;
    return Intake.of(request, this.clock, { fileBytes, bodyBytes: fileBytes + overheadBytes });
  }

  async #store(file: Readable, intake: Intake, signal: AbortSignal): Promise<BlobRef> {
    const bytes = releasing(file, (piece) => intake.chunkOf(piece));
    const blob = await this.blobs.write(bytes, { maxBytes: this.config.maxUploadBytes, signal });
    if (blob.bytes > 0) return blob;
    await this.blobs.remove(blob.key);
    throw new Problem('invalid-request', 'The file is empty.', { errors: [{ pointer: '/file', detail: 'is empty' }] });
  }
}

function misplaced(name: string, detail: string): Problem {
  return new Problem('invalid-request', `The form’s field ${JSON.stringify(name)} means nothing here: ${detail}.`, {
    errors: [{ pointer: `/${name}`, detail }],
  });
}

/** @throws Problem `invalid-request` it is there twice */
function queryText({ query }: Request, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new Problem('invalid-request', `${name} is in the address twice.`, {
    errors: [{ pointer: `/${name}`, detail: 'is there twice' }],
  });
}
