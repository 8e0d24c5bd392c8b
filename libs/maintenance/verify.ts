import type { Blobs } from '#blobs';
import type { Clock } from '#clock';
import { type EventStore, EventUnreadable, type Position, type Recorded } from '#event-store';
import { neededBlobs, type ReadModels } from '#projections';
import { checkBlob } from './check-blob.ts';
import { checkHistory } from './check-history.ts';
import { compareReadModel } from './compare-read-model.ts';
import type { Subjects } from './subjects.ts';
import type { Finding, Looked, Verified } from './verification.ts';

export interface Stores {
  readonly events: EventStore;
  readonly blobs: Blobs;
  readonly readModels: ReadModels;
  readonly clock: Clock;
}

export interface VerifyOptions {
  /** See {@link compareReadModel}: 0 when nothing is written meanwhile. */
  readonly patienceMilliseconds: number;
  /** Ends it early, without a last word. */
  readonly signal: AbortSignal;
}

const progressMilliseconds = 500;

/**
 * Replays the log and holds everything against it: each event against its id, each history against what its service
 * can have written, each blob that is still needed against its hash, each read model against the fold.
 * Nothing is changed. Memory grows with the number of streams, by their names.
 */
export async function* verify(
  stores: Stores,
  subjects: Subjects,
  { patienceMilliseconds, signal }: VerifyOptions,
): AsyncGenerator<Verified, void, void> {
  const { events, readModels, clock } = stores;
  const looked = { streams: 0, events: 0, blobs: 0, bytes: 0, documents: 0 };
  let findings = 0;
  let toldAt = clock.now().getTime();
  function* tell(found: readonly Finding[]): Generator<Verified, void, void> {
    findings += found.length;
    for (const finding of found) yield { type: 'finding', finding };
    const now = clock.now().getTime();
    if (now - toldAt < progressMilliseconds) return;
    toldAt = now;
    yield { type: 'progress', looked: { ...looked } };
  }

  for (const stream of await streamsOf(events, Object.keys(subjects.replays), signal)) {
    if (signal.aborted) return;
    yield* tell(await verifyStream(stores, subjects, stream, looked));
  }
  for (const model of subjects.readModels) {
    const compared = compareReadModel(model, readModels, clock, patienceMilliseconds, () => {
      looked.documents += 1;
    });
    for await (const finding of compared) {
      if (signal.aborted) return;
      yield* tell([finding]);
    }
  }
  yield { type: 'verified', looked, findings };
}

/** Every stream that has an event now. */
async function streamsOf(
  events: EventStore,
  categories: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const streams = new Set<string>();
  for (let after: Position | null = null; ; ) {
    try {
      for await (const item of events.feed({ after, categories, signal })) {
        if ('caughtUp' in item) break;
        streams.add(item.stream);
      }
      return streams;
    } catch (error) {
      if (!(error instanceof EventUnreadable)) throw error;
      streams.add(error.stream);
      after = error.position;
    }
  }
}

async function readWhole(events: EventStore, stream: string): Promise<readonly Recorded[] | Finding> {
  try {
    return await Array.fromAsync(events.read(stream));
  } catch (error) {
    if (!(error instanceof EventUnreadable)) throw error;
    return { kind: 'event', stream, revision: error.revision.toString(), detail: error.message };
  }
}

async function verifyStream(
  { events, blobs }: Stores,
  { replays }: Subjects,
  stream: string,
  looked: { -readonly [K in keyof Looked]: Looked[K] },
): Promise<readonly Finding[]> {
  looked.streams += 1;
  const history = await readWhole(events, stream);
  if ('detail' in history) return [history];
  looked.events += history.length;
  const replay = replays[stream.slice(0, stream.indexOf('-'))] ?? (() => undefined);
  const found = checkHistory(stream, history, replay);
  // What a damaged history says of blobs says nothing.
  if (found.length > 0) return found;
  const findings: Finding[] = [];
  for (const ref of await neededBlobs(events, stream)) {
    const detail = await checkBlob(blobs, ref);
    looked.blobs += 1;
    looked.bytes += ref.bytes;
    if (detail === null) continue;
    // It may have been deleted, stream and all, while it was being read.
    const isNeeded = (await neededBlobs(events, stream)).some(({ key }) => key === ref.key);
    if (isNeeded) findings.push({ kind: 'blob', key: ref.key, stream, detail });
  }
  return findings;
}
