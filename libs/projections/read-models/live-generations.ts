import type { Clock } from '#clock';
import { type Documents, defineCollection, Stale, Taken } from '#documents';
import type { Generation, ReadModel } from './read-model.ts';

const collection = defineCollection<Generation>({
  name: 'read-model-generations',
  kind: 'record',
  indexes: {},
});

/** For how long an answer is remembered: another process may have made a newer generation. */
export const rememberedMilliseconds = 1_000;

/** Which generation of each read model serves: a record for each version, so that an old program beside a new one keeps its own. */
export class LiveGenerations {
  readonly #remembered = new Map<string, { readonly generation: Promise<Generation>; readonly until: number }>();

  constructor(
    private readonly documents: Documents,
    private readonly clock: Clock,
  ) {}

  of(model: ReadModel): Promise<Generation> {
    const now = this.clock.now().getTime();
    const known = this.#remembered.get(idOf(model));
    if (known !== undefined && known.until > now) return known.generation;
    const generation = this.#read(model);
    this.#remembered.set(idOf(model), { generation, until: now + rememberedMilliseconds });
    // What could not be read is asked for again by the next who comes.
    generation.catch(() => this.#remembered.delete(idOf(model)));
    return generation;
  }

  async set(model: ReadModel, generation: Generation): Promise<void> {
    const id = idOf(model);
    try {
      const stored = await this.documents.get(collection, id);
      if (stored === null) await this.documents.insert(collection, id, generation);
      else await this.documents.replace(collection, id, stored.version, generation);
    } catch (error) {
      if (error instanceof Stale || error instanceof Taken) throw new RebuiltElsewhere(model.name);
      throw error;
    } finally {
      this.#remembered.delete(id);
    }
  }

  async #read(model: ReadModel): Promise<Generation> {
    const stored = await this.documents.get(collection, idOf(model));
    return stored?.document ?? { version: model.version, number: 1 };
  }
}

function idOf({ name, version }: ReadModel): string {
  return `${name}-v${version}`;
}

/** Two rebuilds of the same read model went on at once, and the other one was first. */
export class RebuiltElsewhere extends Error {
  readonly code = 'rebuilt-elsewhere';
  constructor(name: string) {
    super(`${name} is being rebuilt by somebody else`);
    this.name = 'RebuiltElsewhere';
  }
}
