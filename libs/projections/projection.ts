import type { EventStore, Position, Recorded } from '#event-store';

/** Where a projection has got to: a record, written after the events were applied. */
export interface Checkpoints {
  load(name: string): Promise<Position | null>;
  save(name: string, position: Position): Promise<void>;
}

export interface Projection {
  readonly name: string;
  readonly categories: readonly string[];
  /** Applying an event again, or an older one, changes nothing. */
  apply(recorded: Recorded): Promise<void>;
}

const eventsPerCheckpoint = 100;

/** Runs until the signal is aborted; `onCaughtUp` is called whenever the end of the log is reached. */
export async function runProjection(
  projection: Projection,
  events: EventStore,
  checkpoints: Checkpoints,
  signal: AbortSignal,
  onCaughtUp: (position: Position | null) => void,
): Promise<void> {
  let position = await checkpoints.load(projection.name);
  let unsaved = 0;
  const save = async () => {
    if (unsaved === 0 || position === null) return;
    await checkpoints.save(projection.name, position);
    unsaved = 0;
  };
  for await (const item of events.feed({ after: position, categories: projection.categories, signal })) {
    if ('caughtUp' in item) {
      await save();
      onCaughtUp(item.caughtUp);
      continue;
    }
    await projection.apply(item);
    position = item.position;
    unsaved += 1;
    if (unsaved >= eventsPerCheckpoint) await save();
  }
  await save();
}
