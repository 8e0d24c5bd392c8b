import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { conversionStream } from '#contracts';
import { EventStore } from '#event-store';
import { OpenStreams } from '#http';
import { isLast, StreamFollower, toHistoryEntry } from '#projections';

const keepAliveMilliseconds = 15_000;

/** Server-sent events (WHATWG HTML, 9.2): a conversion's history, which goes on live until the conversion has ended. */
@Injectable()
export class EventStreams {
  constructor(
    private readonly events: EventStore,
    private readonly follower: StreamFollower,
    private readonly open: OpenStreams,
  ) {}

  /** @param after the revision that the client has seen; -1 for none */
  async send(conversionId: string, after: bigint, response: Response): Promise<void> {
    const stream = conversionStream(conversionId);
    if (await this.#isOver(stream, after)) {
      // 204 tells an EventSource not to come back.
      response.status(204).end();
      return;
    }
    const closed = this.open.track(response);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveMilliseconds);
    try {
      for await (const recorded of this.follower.follow(stream, after + 1n, closed)) {
        const entry = toHistoryEntry(recorded);
        const text = `id: ${entry.revision}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`;
        if (!response.write(text)) await drained(response, closed);
        if (isLast(recorded)) break;
      }
    } finally {
      clearInterval(keepAlive);
      response.end();
    }
  }

  async #isOver(stream: string, after: bigint): Promise<boolean> {
    let over = false;
    for await (const recorded of this.events.read(stream, after < 0n ? 0n : after)) {
      if (recorded.revision > after) return false;
      over = isLast(recorded);
    }
    return over;
  }
}

function drained(response: Response, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    closed.addEventListener('abort', () => resolve(), { once: true });
  });
}
