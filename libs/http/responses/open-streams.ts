import { Injectable } from '@nestjs/common';
import type { Response } from 'express';

/** Responses without an end of their own: they are ended before the server closes, which would wait for them for ever. */
@Injectable()
export class OpenStreams {
  readonly #open = new Set<AbortController>();
  readonly #closing = new AbortController();

  /** Aborted when the server is closing, for those who keep connections of their own. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @returns aborted when the client has gone, or the server is closing */
  track(response: Response): AbortSignal {
    const controller = new AbortController();
    if (this.closing.aborted) controller.abort();
    this.#open.add(controller);
    response.once('close', () => {
      this.#open.delete(controller);
      controller.abort();
    });
    return controller.signal;
  }

  get count(): number {
    return this.#open.size;
  }

  closeAll(): void {
    this.#closing.abort();
    for (const controller of this.#open) controller.abort();
  }
}
