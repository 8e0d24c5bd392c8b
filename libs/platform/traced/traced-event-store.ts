import { type Appended, EventStore, type FeedOptions, type NewEvent, type Position, type Recorded } from '#event-store';
import { describeSpan, inSpan } from '#telemetry';

/**
 * Every append is a span, by OpenTelemetry's conventions for databases; it has the time in the queue for the group that
 * it is committed with. Reading is none: feeds never end, and a stream is read in less time than a span says.
 */
export class TracedEventStore extends EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly system: string,
  ) {
    super();
  }

  override append(stream: string, expected: bigint | 'no-stream', events: readonly NewEvent[]): Promise<Appended> {
    const category = stream.slice(0, stream.indexOf('-'));
    const append = async () => {
      const appended = await this.store.append(stream, expected, events);
      describeSpan({ 'mixdown.stream.revision': Number(appended.revision) });
      return appended;
    };
    return inSpan(`append ${category}`, append, {
      kind: 'client',
      ...(category === 'conversion' ? { conversionId: stream.slice(category.length + 1) } : {}),
      attributes: {
        'db.system.name': this.system,
        'db.operation.name': 'append',
        'db.collection.name': category,
        'mixdown.event.types': events.map(({ type }) => type),
      },
    });
  }

  override read(stream: string, from?: bigint): AsyncIterable<Recorded> {
    return this.store.read(stream, from);
  }

  override feed(options: FeedOptions): AsyncIterable<Recorded | { readonly caughtUp: Position | null }> {
    return this.store.feed(options);
  }

  override head(): Promise<Position | null> {
    return this.store.head();
  }
}
