import { readConversionEvent } from '#contracts';
import type { EventStore, Recorded } from '#event-store';
import { type ConversionView, evolveView, viewConversion } from './conversion-view.ts';

const remembered = 1_000;

/** Folds a feed's events, stream by stream, remembering the streams of late so that none is read from its start each time. */
export class ConversionViews {
  readonly #views = new Map<string, ConversionView>();

  constructor(private readonly events: EventStore) {}

  /** The view at the event's revision or later. */
  async after(recorded: Recorded): Promise<ConversionView> {
    const id = recorded.stream.slice(recorded.stream.indexOf('-') + 1);
    const before = this.#views.get(id) ?? null;
    if (before !== null && before.revision >= recorded.revision) return before;
    const follows = (before?.revision ?? -1n) + 1n === recorded.revision;
    const view = follows
      ? evolveView(before, id, recorded.revision, readConversionEvent(recorded), recorded.metadata.traceparent ?? null)
      : await viewConversion(this.events, id);
    if (view === null) throw new Error(`${recorded.stream} is empty, although the feed gave an event of it`);
    this.#views.delete(id);
    this.#views.set(id, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= remembered) break;
      this.#views.delete(oldest);
    }
    return view;
  }
}
