import { Injectable } from '@nestjs/common';
import type { LiveSocket } from './live-socket.ts';

/** Who is told of what. */
@Injectable()
export class Watchers {
  readonly #ofConversion = new Index();
  readonly #ofUser = new Index();

  watch(conversionId: string, socket: LiveSocket): void {
    this.#ofConversion.add(conversionId, socket);
  }

  unwatch(conversionId: string, socket: LiveSocket): void {
    this.#ofConversion.remove(conversionId, socket);
  }

  watchAll(socket: LiveSocket): void {
    this.#ofUser.add(socket.caller.userId, socket);
  }

  unwatchAll(socket: LiveSocket): void {
    this.#ofUser.remove(socket.caller.userId, socket);
  }

  /** Each once, although one may watch the conversion by itself and all of the user's. */
  of(conversionId: string, userId: string): ReadonlySet<LiveSocket> {
    const these = this.#ofConversion.of(conversionId);
    const all = this.#ofUser.of(userId);
    if (all.size === 0) return these;
    return these.size === 0 ? all : new Set([...these, ...all]);
  }

  /** False when nobody can be watching it, whosever it is. */
  mayWatch(conversionId: string): boolean {
    return this.#ofUser.size > 0 || this.#ofConversion.of(conversionId).size > 0;
  }
}

const nobody: ReadonlySet<LiveSocket> = new Set();

class Index {
  readonly #sockets = new Map<string, Set<LiveSocket>>();

  get size(): number {
    return this.#sockets.size;
  }

  of(key: string): ReadonlySet<LiveSocket> {
    return this.#sockets.get(key) ?? nobody;
  }

  add(key: string, socket: LiveSocket): void {
    const sockets = this.#sockets.get(key) ?? new Set();
    this.#sockets.set(key, sockets.add(socket));
  }

  remove(key: string, socket: LiveSocket): void {
    const sockets = this.#sockets.get(key);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#sockets.delete(key);
  }
}
