import {
  type Appended,
  EventStore,
  type FeedOptions,
  type NewEvent,
  OutcomeUnknown,
  type Position,
  type Recorded,
} from '#event-store';
import type { Chance } from './chance.ts';

/** How many events of a feed come again when it starts anew from an older place. */
const longestRepetition = 10;

/** An event store that says "unknown" of appends that were stored and of such that were not, and whose feed repeats itself. */
export class AdverseEventStore extends EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly chance: Chance,
    private readonly share: number,
  ) {
    super();
  }

  override async append(
    stream: string,
    expected: bigint | 'no-stream',
    events: readonly NewEvent[],
  ): Promise<Appended> {
    if (this.chance.hits(this.share)) throw new OutcomeUnknown(stream);
    const appended = await this.store.append(stream, expected, events);
    if (this.chance.hits(this.share)) throw new OutcomeUnknown(stream);
    return appended;
  }

  override read(stream: string, from?: bigint): AsyncIterable<Recorded> {
    return this.store.read(stream, from);
  }

  override async *feed(options: FeedOptions): AsyncIterable<Recorded | { readonly caughtUp: Position | null }> {
    const passed: (Position | null)[] = [options.after];
    while (!options.signal.aborted) {
      const after = passed.at(-1 - this.chance.below(passed.length)) ?? null;
      for await (const item of this.store.feed({ ...options, after })) {
        yield item;
        if ('caughtUp' in item) continue;
        passed.push(item.position);
        if (passed.length > longestRepetition) passed.shift();
        if (this.chance.hits(this.share)) break;
      }
    }
  }

  override head(): Promise<Position | null> {
    return this.store.head();
  }
}
