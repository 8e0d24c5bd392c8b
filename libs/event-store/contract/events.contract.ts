import { randomUUID } from 'node:crypto';
import { eventIdFor, type JsonObject } from '#contracts';
import type { EventStore, NewEvent, Position, Recorded } from '../event-store.ts';

/** What the contract's tests append and how they look at what came of it. */

export function newStream(category = 'conversion'): string {
  return `${category}-${randomUUID()}`;
}

export function newEvent(data: JsonObject = {}, id: string = randomUUID()): NewEvent {
  const metadata = { commandId: randomUUID(), at: '2026-01-01T00:00:00.000Z', schema: 1 };
  return { id, type: 'SomethingHappened', data, metadata };
}

export function newEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => newEvent({ index }));
}

/** As the deciders' executor makes them: the id is a function of stream, command and payload. */
export function decidedEvent(stream: string, commandId: string, data: JsonObject): NewEvent {
  return newEvent(data, eventIdFor(stream, commandId, 0, data));
}

export async function readAll(store: EventStore, stream: string, from?: bigint): Promise<readonly Recorded[]> {
  return Array.fromAsync(store.read(stream, from));
}

export async function idsIn(store: EventStore, stream: string): Promise<readonly string[]> {
  return (await readAll(store, stream)).map(({ id }) => id);
}

export type FeedItem = Recorded | { readonly caughtUp: Position | null };

/** Reads the feed until an item is the one that is waited for, and gives all of them. */
export async function follow(
  store: EventStore,
  after: Position | null,
  categories: readonly string[],
  isLast: (item: FeedItem) => boolean,
): Promise<readonly FeedItem[]> {
  const stop = new AbortController();
  const items: FeedItem[] = [];
  for await (const item of store.feed({ after, categories, signal: stop.signal })) {
    items.push(item);
    if (isLast(item)) stop.abort();
  }
  return items;
}

export function isEvent(item: FeedItem): item is Recorded {
  return 'id' in item;
}

export function isCaughtUp(item: FeedItem): boolean {
  return 'caughtUp' in item;
}
