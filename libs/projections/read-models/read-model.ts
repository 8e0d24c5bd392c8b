import type { CollectionDefinition, Documents } from '#documents';
import type { EventStore, Recorded } from '#event-store';

/** Documents folded from events: what they are follows from the log, so they can be thrown away and made anew. */
export interface ReadModel {
  readonly name: string;
  /** Of the documents' shape: a new one is folded anew, from the beginning of the log. */
  readonly version: number;
  readonly categories: readonly string[];
  readonly collections: readonly CollectionDefinition[];
  /**
   * A fold that has seen nothing yet. It writes by `project` alone, so that applying an event again, or an older one,
   * changes nothing.
   */
  open(events: EventStore, documents: Documents): Fold;
}

export interface Fold {
  apply(recorded: Recorded): Promise<void>;
}

/** Which of a read model's generations is meant. They lie beside one another, so that one can be made while another serves. */
export type Generation = { readonly version: number; readonly number: number };

/** The name under which a generation keeps its place in the log. */
export function checkpointName({ name }: ReadModel, { version, number }: Generation): string {
  return `${name}-v${version}-g${number}`;
}
