import { Injectable } from '@nestjs/common';
import { uploadConversions } from '#contracts';
import { Documents } from '#documents';
import { Problem } from '#http';
import { CatchUp } from './catch-up.ts';
import type { ClientMessage } from './client-message.ts';
import { LiveConversions } from './live-conversions.ts';
import type { LiveSocket } from './live-socket.ts';
import { type ServerMessage, toText } from './server-messages.ts';
import { Watchers } from './watchers.ts';

/** Does what a client asks for. */
@Injectable()
export class Wishes {
  constructor(
    private readonly watchers: Watchers,
    private readonly conversions: LiveConversions,
    private readonly documents: Documents,
    private readonly catchUp: CatchUp,
  ) {}

  /** @throws Problem `not-found` | `invalid-request` | `cursor-expired` */
  async fulfil(message: ClientMessage, socket: LiveSocket): Promise<void> {
    if ('unsubscribe' in message) this.#unsubscribe(message.unsubscribe, socket);
    else if (message.subscribe === 'all') await this.#subscribeToAll(message, socket);
    else await this.#subscribe(message.subscribe, socket);
  }

  /** The connection has ended: nothing is to be told any more. */
  forget(socket: LiveSocket): void {
    this.watchers.unwatchAll(socket);
    for (const id of socket.subscribed.keys()) this.watchers.unwatch(id, socket);
  }

  async #subscribe(
    { conversion: id, fromRevision }: { readonly conversion: string; readonly fromRevision?: number | undefined },
    socket: LiveSocket,
  ): Promise<void> {
    // Watched before it is looked at, so that no change falls in between.
    this.watchers.watch(id, socket);
    try {
      await this.#refuseOthers(id, socket.caller.userId);
    } catch (error) {
      if (!socket.subscribed.has(id)) this.watchers.unwatch(id, socket);
      throw error;
    }
    answer(socket, { type: 'subscribed', to: id });
    socket.subscribe(id, fromRevision === undefined ? null : BigInt(fromRevision));
  }

  /** An unknown one, a deleted one and somebody else's look the same. */
  async #refuseOthers(id: string, userId: string): Promise<void> {
    const told = this.conversions.current(id) ?? (await this.conversions.load(id));
    // An upload may have been answered a moment ago with the id of a conversion that is about to begin.
    const owner = told?.view.userId ?? (await this.documents.get(uploadConversions, id))?.document.userId;
    if (owner !== userId || told?.view.deleted === true) {
      throw new Problem('not-found', `There is no conversion ${id}.`);
    }
  }

  async #subscribeToAll({ after }: { readonly after?: string | undefined }, socket: LiveSocket): Promise<void> {
    const { userId } = socket.caller;
    const before = socket.all;
    this.watchers.watchAll(socket);
    socket.all = 'catching-up';
    try {
      const missed = after === undefined ? [] : await this.catchUp.changedSince(after, userId);
      answer(socket, { type: 'subscribed', to: 'all' });
      socket.all = 'live';
      for (const id of missed) socket.changed(id);
    } catch (error) {
      socket.all = before;
      if (before === 'none') this.watchers.unwatchAll(socket);
      throw error;
    }
  }

  #unsubscribe(from: 'all' | { readonly conversion: string }, socket: LiveSocket): void {
    if (from === 'all') {
      this.watchers.unwatchAll(socket);
      socket.all = 'none';
    } else {
      this.watchers.unwatch(from.conversion, socket);
      socket.unsubscribe(from.conversion);
    }
    answer(socket, { type: 'unsubscribed', to: from === 'all' ? 'all' : from.conversion });
  }
}

function answer(socket: LiveSocket, message: ServerMessage): void {
  socket.outbox.send(toText(message));
}
