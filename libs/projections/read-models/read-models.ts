import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#clock';
import { Documents } from '#documents';
import { EventStore, type Recorded } from '#event-store';
import { Log } from '#telemetry';
import { DocumentCheckpoints } from '../checkpoints.ts';
import type { Checkpoints, Projection } from '../projection.ts';
import { RunningProjection } from '../running-projection.ts';
import { GenerationDocuments } from './generation-documents.ts';
import { LiveGenerations, rememberedMilliseconds } from './live-generations.ts';
import { checkpointName, type Generation, type ReadModel } from './read-model.ts';

/** @param documents with the read model's collections as this very fold has them */
export type Reaction = (recorded: Recorded, documents: Documents) => Promise<void>;

/** Others may still read the generation before for as long as they remember that it serves, and finish what they read. */
const graceMilliseconds = 5 * rememberedMilliseconds;
const troubleMilliseconds = 1_000;
/** The number of a generation that never serves. */
const beside = 0;

/** Keeps read models up to date with the log, tells where each is to be read, and makes them anew while they serve. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  /** Null once the process is closing. */
  readonly #running = new Map<string, Promise<RunningProjection | null>>();
  readonly #reactions = new Map<string, Reaction>();
  readonly #rebuilding = new Map<string, Promise<void>>();
  readonly #tidying = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #generations: LiveGenerations;
  readonly #checkpoints: DocumentCheckpoints;

  constructor(
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#generations = new LiveGenerations(documents, clock);
    this.#checkpoints = new DocumentCheckpoints(documents);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closing.abort();
    // Whoever asked for a rebuild is told how it ended.
    await Promise.allSettled(this.#rebuilding.values());
    await Promise.all(this.#tidying.values());
    for (const running of this.#running.values()) await (await running)?.stop();
  }

  /** The documents, with this read model's collections as they serve at the moment. */
  async of(model: ReadModel): Promise<Documents> {
    return this.#in(model, await this.#generations.of(model));
  }

  /**
   * Follows the log from where this read model is.
   * @param react is called after each event was applied, in the order of the log, so that the read model tells of
   * everything up to it: also at a rebuild, and again for events that it was called for. Repeating it must be harmless.
   */
  start(model: ReadModel, react?: Reaction): void {
    if (react !== undefined) this.#reactions.set(model.name, react);
    this.#running.set(model.name, this.#open(model));
  }

  /**
   * Folds what is in the log, and stops: where nobody keeps the read model up to date. Its place in the log stays where
   * it was, since nobody reacts here: whoever does is still to be called.
   * @throws what the fold failed with
   */
  async bringUpToDate(model: ReadModel): Promise<void> {
    const generation = await this.#generations.of(model);
    const from = await this.#checkpoints.load(checkpointName(model, generation));
    const checkpoints = { load: async () => from, save: async () => undefined };
    const running = this.#run(model, generation, 'fold only', checkpoints);
    try {
      await this.#whole(model, running);
    } finally {
      await running.stop();
    }
  }

  /** Resolves once the read model tells of everything that was in the log when it was started. */
  async caughtUp(model: ReadModel): Promise<void> {
    const running = this.#running.get(model.name);
    if (running === undefined) throw new Error(`${model.name} was not started`);
    await (await running)?.caughtUp;
  }

  /**
   * Folds the read model anew from the beginning of the log, and resolves once the new one serves. The present one
   * serves, and is kept up to date, until the new one tells of everything that it does, and goes a little later; records
   * are not touched. Asked twice at once, it is done once.
   *
   * @param isAlone no service runs: nobody reads the present one, and nobody reacts
   * @throws {@link RebuildInterrupted} | {@link RebuiltElsewhere} | what the fold failed with: nothing has changed
   */
  rebuild(model: ReadModel, { isAlone = false } = {}): Promise<void> {
    const known = this.#rebuilding.get(model.name);
    if (known !== undefined) return known;
    const rebuilding = this.#rebuild(model, isAlone).finally(() => this.#rebuilding.delete(model.name));
    this.#rebuilding.set(model.name, rebuilding);
    return rebuilding;
  }

  /**
   * Folds the read model once more, beside the one that serves and followed as it is, to compare the two. It resolves
   * once it tells of everything that is in the log; what was made is gone when it is disposed of.
   * @throws what the fold failed with
   */
  async foldBeside(model: ReadModel): Promise<AsyncDisposable & { readonly documents: Documents }> {
    const generation: Generation = { version: model.version, number: beside };
    await this.#discard(model, generation);
    const running = this.#run(model, generation, 'fold only');
    const dispose = async () => {
      await running.stop();
      await this.#discard(model, generation);
    };
    try {
      await this.#whole(model, running);
    } catch (error) {
      await dispose();
      throw error;
    }
    return { documents: this.#in(model, generation), [Symbol.asyncDispose]: dispose };
  }

  async #rebuild(model: ReadModel, isAlone: boolean): Promise<void> {
    await this.#tidying.get(model.name);
    const before = await this.#generations.of(model);
    const next: Generation = { ...before, number: before.number + 1 };
    // An earlier rebuild may have been interrupted.
    await this.#discard(model, next);
    const successor = this.#run(model, next, 'fold and react');
    try {
      await this.#whole(model, successor);
      await this.#generations.set(model, next);
    } catch (error) {
      await successor.stop();
      throw error;
    }
    const predecessor = await this.#running.get(model.name);
    this.#running.set(model.name, Promise.resolve(successor));
    if (isAlone) await this.#takePlace(model, before, next, successor);
    const tidied = this.#tidy(model, before, predecessor ?? null, isAlone ? 0 : graceMilliseconds);
    this.#tidying.set(model.name, tidied);
  }

  /** What others may still read goes when they have had the time. What cannot be dropped now is dropped at the next start. */
  async #tidy(
    model: ReadModel,
    before: Generation,
    predecessor: RunningProjection | null,
    graceMilliseconds: number,
  ): Promise<void> {
    await this.clock.sleep(graceMilliseconds, this.#closing.signal);
    await predecessor?.stop();
    try {
      await this.#discard(model, before);
    } catch (error) {
      this.log.error({ err: error, readModel: model.name }, 'an old generation of a read model could not be dropped');
    }
  }

  /** Where nobody reacts, the new generation goes on from the old one's place: whoever reacts is still to be called. */
  async #takePlace(
    model: ReadModel,
    before: Generation,
    next: Generation,
    successor: RunningProjection,
  ): Promise<void> {
    await successor.stop();
    const place = await this.#checkpoints.load(checkpointName(model, before));
    if (place === null) await this.#checkpoints.clear(checkpointName(model, next));
    else await this.#checkpoints.save(checkpointName(model, next), place);
  }

  /** @throws {@link RebuildInterrupted} | what the fold failed with */
  async #whole({ name }: ReadModel, { caughtUp, failed }: RunningProjection): Promise<void> {
    const { signal } = this.#closing;
    const closed = new Promise<'closed'>((resolve) => {
      signal.addEventListener('abort', () => resolve('closed'), { once: true });
    });
    const failure = failed.then((error) => ({ error }));
    const outcome = await Promise.race([caughtUp, closed, failure]);
    if (outcome === 'closed' || signal.aborted) throw new RebuildInterrupted(name);
    if (outcome !== undefined) throw outcome.error;
  }

  async #open(model: ReadModel): Promise<RunningProjection | null> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const generation = await this.#generations.of(model);
        // What a rebuild has left that was interrupted before it had tidied up.
        if (generation.number > 1) await this.#discard(model, { ...generation, number: generation.number - 1 });
        return this.#run(model, generation, 'fold and react');
      } catch (error) {
        this.log.error({ err: error, readModel: model.name }, 'a read model could not be opened and is tried again');
        await this.clock.sleep(troubleMilliseconds, signal);
      }
    }
    return null;
  }

  #run(
    model: ReadModel,
    generation: Generation,
    kind: 'fold and react' | 'fold only',
    checkpoints: Checkpoints = this.#checkpoints,
  ): RunningProjection {
    const { events, clock, log } = this;
    const documents = this.#in(model, generation);
    const fold = model.open(events, documents);
    const react = kind === 'fold only' ? undefined : this.#reactions.get(model.name);
    const projection: Projection = {
      name: checkpointName(model, generation),
      categories: model.categories,
      async apply(recorded) {
        await fold.apply(recorded);
        await react?.(recorded, documents);
      },
    };
    return new RunningProjection(projection, { events, checkpoints, clock, log });
  }

  #in(model: ReadModel, generation: Generation): Documents {
    return new GenerationDocuments(this.documents, model, generation);
  }

  /** Its place in the log first: a generation that is half gone must never be taken for one that is up to date. */
  async #discard(model: ReadModel, generation: Generation): Promise<void> {
    await this.#checkpoints.clear(checkpointName(model, generation));
    const documents = this.#in(model, generation);
    for (const collection of model.collections) await documents.drop(collection);
  }
}

/** The process was asked to end. What serves is what served before. */
export class RebuildInterrupted extends Error {
  readonly code = 'rebuild-interrupted';
  constructor(name: string) {
    super(`the rebuild of ${name} was interrupted, and nothing has changed`);
    this.name = 'RebuildInterrupted';
  }
}
