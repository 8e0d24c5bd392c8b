import { Transform, type TransformCallback } from 'node:stream';
import type { Request } from 'express';
import { BlobTooLarge } from '#blobs';
import type { Clock } from '#clock';
import { Problem } from '#http';
import { ClientGone } from './client-gone.ts';
import { limits } from './limits.ts';

interface IntakeLimits {
  /** Of the whole body. */
  readonly bodyBytes: number;
  /** What the client is told if the body is larger. */
  readonly fileBytes: number;
}

/**
 * The body of a request on its way in. It fails when more comes than is taken ({@link BlobTooLarge}), when too little
 * comes ({@link Problem} `upload-too-slow`), and when the client goes ({@link ClientGone}); the request itself is left
 * open, so that it can be answered.
 */
export class Intake extends Transform {
  readonly #limits: IntakeLimits;
  /** By their memory, which the pieces that a form is taken apart into share with them. */
  readonly #chunks = new WeakMap<ArrayBufferLike, Buffer>();
  #bytes = 0;

  private constructor(of: IntakeLimits) {
    super({ highWaterMark: limits.bufferBytes });
    this.#limits = of;
  }

  static of(request: Request, clock: Clock, bounds: IntakeLimits): Intake {
    const intake = new Intake(bounds);
    const end = () => {
      if (!request.complete) intake.destroy(new ClientGone());
    };
    // Whoever reads the intake sees its failure; without a listener one that nobody reads would end the process.
    intake.on('error', () => undefined);
    if (request.destroyed) end();
    else request.once('close', end);
    void intake.#watch(clock);
    request.pipe(intake);
    return intake;
  }

  /** The chunk that came in which this is a piece of; undefined for copies. */
  chunkOf({ buffer }: Uint8Array): Buffer | undefined {
    return this.#chunks.get(buffer);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    this.#chunks.set(chunk.buffer, chunk);
    if (this.#bytes > this.#limits.bodyBytes) done(new BlobTooLarge(this.#limits.fileBytes));
    else done(null, chunk);
  }

  async #watch(clock: Clock): Promise<void> {
    const { bytes, milliseconds } = limits.minimumProgress;
    const over = new AbortController();
    this.once('finish', () => over.abort()).once('close', () => over.abort());
    for (let before = 0; ; before = this.#bytes) {
      await clock.sleep(milliseconds, over.signal);
      if (over.signal.aborted) return;
      // What lies here shows that it is not the client who is slow, but whoever stores.
      if (this.#bytes - before >= bytes || this.readableLength > 0) continue;
      const detail = `Less than ${bytes / 1024} KiB came in ${milliseconds / 1_000} seconds.`;
      this.destroy(new Problem('upload-too-slow', detail));
    }
  }
}
