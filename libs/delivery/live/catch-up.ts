import { Injectable } from '@nestjs/common';
import { type ConversionEvent, conversionStream, readConversionEvent } from '#contracts';
import { EventStore, type Position, type Recorded } from '#event-store';
import { Problem } from '#http';
import { Cursors } from './cursors.ts';
import { limits } from './limits.ts';
import { LiveConversions } from './live-conversions.ts';

/** Finds out, from the log, what a client has missed. */
@Injectable()
export class CatchUp {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly events: EventStore,
    private readonly conversions: LiveConversions,
    private readonly cursors: Cursors,
  ) {}

  /**
   * The user's conversions that have changed since. One client after the other: a thousand that come back at once
   * would read the same part of the log a thousand times at once.
   * @throws Problem `invalid-request` for what is no cursor; `cursor-expired` when too much has happened since
   */
  async changedSince(cursor: string, userId: string): Promise<ReadonlySet<string>> {
    const position = this.cursors.open(cursor);
    const found = this.#turn.then(() => this.#read(position, userId));
    this.#turn = found.catch(() => undefined);
    return found;
  }

  async #read(after: Position | null, userId: string): Promise<ReadonlySet<string>> {
    const stop = new AbortController();
    const owners = new Map<string, boolean>();
    let events = 0;
    try {
      for await (const item of this.events.feed({ after, categories: ['conversion'], signal: stop.signal })) {
        if ('caughtUp' in item) break;
        events += 1;
        if (events > limits.eventsAfterCursor) throw new Problem('cursor-expired');
        const id = item.stream.slice(item.stream.indexOf('-') + 1);
        if (!owners.has(id)) owners.set(id, (await this.#ownerOf(id, item)) === userId);
      }
    } finally {
      stop.abort();
    }
    return new Set([...owners].filter(([, isOwn]) => isOwn).map(([id]) => id));
  }

  async #ownerOf(id: string, recorded: Recorded): Promise<string | null> {
    const known = this.conversions.current(id)?.view.userId ?? userOf(readConversionEvent(recorded));
    if (known !== null) return known;
    for await (const first of this.events.read(conversionStream(id))) return userOf(readConversionEvent(first));
    return null;
  }
}

function userOf(event: ConversionEvent): string | null {
  return event.type === 'ConversionRequested' ? event.data.userId : null;
}
