import { type Documents, defineCollection, Stale, Taken } from '#documents';
import type { Position } from '#event-store';
import type { Checkpoints } from './projection.ts';

const collection = defineCollection<{ position: string }>({ name: 'checkpoints', kind: 'record', indexes: {} });

/** Checkpoints as records. Two writers are harmless: whoever repeats from an older one applies nothing anew. */
export class DocumentCheckpoints implements Checkpoints {
  constructor(private readonly documents: Documents) {}

  async load(name: string): Promise<Position | null> {
    const stored = await this.documents.get(collection, name);
    return stored === null ? null : (stored.document.position as Position);
  }

  /** The next one to load begins at the beginning. */
  async clear(name: string): Promise<void> {
    const stored = await this.documents.get(collection, name);
    if (stored === null) return;
    try {
      await this.documents.replace(collection, name, stored.version, null);
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      return this.clear(name);
    }
  }

  async save(name: string, position: Position): Promise<void> {
    const stored = await this.documents.get(collection, name);
    try {
      if (stored === null) await this.documents.insert(collection, name, { position });
      else await this.documents.replace(collection, name, stored.version, { position });
    } catch (error) {
      if (!(error instanceof Stale || error instanceof Taken)) throw error;
      return this.save(name, position);
    }
  }
}
