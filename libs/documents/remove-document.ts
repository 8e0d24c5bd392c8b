import type { JsonObject } from '#contracts';
import { type CollectionDefinition, type Documents, Stale } from './documents.ts';

/** Deletes the document at whatever version it is; that it is gone already is not an error. */
export async function removeDocument<T extends JsonObject>(
  documents: Documents,
  collection: CollectionDefinition<T>,
  id: string,
): Promise<void> {
  for (;;) {
    const stored = await documents.get(collection, id);
    if (stored === null) return;
    try {
      return await documents.replace(collection, id, stored.version, null);
    } catch (error) {
      // Changed in the meantime: what it is now goes as well.
      if (!(error instanceof Stale)) throw error;
    }
  }
}
