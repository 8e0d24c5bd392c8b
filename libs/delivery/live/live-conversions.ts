import { Injectable } from '@nestjs/common';
import { conversionStream, type JsonObject } from '#contracts';
import { EventStore, type Recorded } from '#event-store';
import { type ConversionView, StatusDocuments, toHistoryEntry, viewConversion } from '#projections';
import { toText } from './server-messages.ts';

/** A conversion as everybody who watches it is told of it: made once, however many that are. */
export interface Told {
  readonly view: ConversionView;
  readonly metadata: JsonObject | null;
  /** The message with its status document, or that it is deleted. */
  readonly document: Buffer;
  /** The message with the event that led to it; null where the log has to be read. */
  readonly event: ToldEvent | null;
}

export interface ToldEvent {
  readonly revision: bigint;
  readonly text: Buffer;
}

const remembered = 1_000;

/** The conversions that are being watched, as they were last told. */
@Injectable()
export class LiveConversions {
  readonly #told = new Map<string, Told>();
  readonly #progress = new Map<string, Buffer>();
  #forgotten = 0;

  constructor(
    private readonly events: EventStore,
    private readonly documents: StatusDocuments,
  ) {}

  /** As the feed, or whoever asked last, brought it; undefined when the log has to be asked. */
  current(id: string): Told | undefined {
    return this.#told.get(id);
  }

  /** From the log itself. Whoever is to hear of later changes, too, is among the watchers before. */
  async load(id: string): Promise<Told | null> {
    const forgotten = this.#forgotten;
    const view = await viewConversion(this.events, id);
    if (view === null) return null;
    const loaded = this.#tellOf(view, await this.#metadataOf(view), null);
    const current = this.#told.get(id);
    if (current !== undefined && current.view.revision >= view.revision) return current;
    // Nobody watched for a moment: what was read may be old by now.
    if (forgotten === this.#forgotten) this.#remember(loaded);
    return loaded;
  }

  /** The feed has an event of a conversion that somebody watches. */
  async changed(view: ConversionView, recorded: Recorded): Promise<void> {
    const known = this.#told.get(view.id);
    if (known !== undefined && known.view.revision > view.revision) return;
    const metadata = known === undefined ? await this.#metadataOf(view) : known.metadata;
    this.#remember(this.#tellOf(view, metadata, toldEvent(view.id, recorded)));
  }

  /** Every event from the revision on: the one at hand, if that is all, or what the log has. */
  async *history({ view, event }: Told, from: bigint): AsyncGenerator<ToldEvent, void, void> {
    if (from > view.revision) return;
    if (event?.revision === from && from === view.revision) {
      yield event;
      return;
    }
    for await (const recorded of this.events.read(conversionStream(view.id), from)) yield toldEvent(view.id, recorded);
  }

  /** The feed has an event of a conversion that nobody watches. */
  forget(id: string): void {
    this.#forgotten += 1;
    this.#told.delete(id);
    this.#progress.delete(id);
  }

  /** Takes the latest percentage into the message that tells of it; null when it is not running. */
  progressed({ view, metadata }: Told): Buffer | null {
    if (view.status !== 'running') return null;
    const { id, phases, progress, eta } = this.documents.withMetadata(view, metadata);
    const text = toText({ type: 'progress', id, phases, progress, eta });
    this.#progress.set(id, text);
    return text;
  }

  progressOf(id: string): Buffer | undefined {
    return this.#progress.get(id);
  }

  #metadataOf(view: ConversionView): Promise<JsonObject | null> {
    return view.deleted ? Promise.resolve(null) : this.documents.metadataOf(view);
  }

  #tellOf(view: ConversionView, metadata: JsonObject | null, event: Told['event']): Told {
    const document = view.deleted
      ? toText({ type: 'deleted', id: view.id, revision: Number(view.revision) })
      : toText({ type: 'conversion', ...this.documents.withMetadata(view, metadata) });
    return { view, metadata: view.deleted ? null : metadata, document, event };
  }

  #remember(told: Told): void {
    const { id, status } = told.view;
    this.#told.delete(id);
    this.#told.set(id, told);
    if (status !== 'running') this.#progress.delete(id);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= remembered) break;
      this.#told.delete(oldest);
      this.#progress.delete(oldest);
    }
  }
}

function toldEvent(conversion: string, recorded: Recorded): ToldEvent {
  const text = toText({ type: 'event', conversion, event: toHistoryEntry(recorded) });
  return { revision: recorded.revision, text };
}
