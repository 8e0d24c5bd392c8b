import type { JsonObject } from '#contracts';
import { type CollectionDefinition, type Documents, Stale, Taken } from '#documents';

/** Writes the record in place of whatever is there: of two at once, the later one stays. */
export async function keepRecord<T extends JsonObject>(
  documents: Documents,
  collection: CollectionDefinition<T>,
  id: string,
  document: T,
): Promise<void> {
  const stored = await documents.get(collection, id);
  try {
    if (stored === null) await documents.insert(collection, id, document);
    else await documents.replace(collection, id, stored.version, document);
  } catch (error) {
    if (!(error instanceof Stale || error instanceof Taken)) throw error;
    await keepRecord(documents, collection, id, document);
  }
}
