import { Injectable } from '@nestjs/common';
import type { Position } from '#event-store';
import { Cursors } from './cursors.ts';
import { LiveConnections } from './live-connections.ts';
import { LiveFeed } from './live-feed.ts';
import { toText } from './server-messages.ts';

/** Tells those who watch all of theirs from where they can go on. */
@Injectable()
export class CursorNotices {
  readonly #told = new WeakMap<object, Position | null>();

  constructor(
    private readonly feed: LiveFeed,
    private readonly cursors: Cursors,
    private readonly connections: LiveConnections,
  ) {}

  /** Only to those who were told everything up to here; the same bytes for all of them. */
  tell(): void {
    const { position } = this.feed;
    const text = toText({ type: 'cursor', cursor: this.cursors.seal(position) });
    for (const { socket } of this.connections) {
      if (socket.all !== 'live' || !socket.isUpToDate || this.#told.get(socket) === position) continue;
      this.#told.set(socket, position);
      socket.outbox.send(text);
    }
  }
}
