import type { JsonObject } from '#contracts';
import { type CollectionDefinition, type Documents, Stale } from '#documents';

/** Deletes the record, whatever becomes of it meanwhile. @returns whether it was there */
export async function eraseRecord<T extends JsonObject>(
  documents: Documents,
  collection: CollectionDefinition<T>,
  id: string,
): Promise<boolean> {
  const stored = await documents.get(collection, id);
  if (stored === null) return false;
  try {
    await documents.replace(collection, id, stored.version, null);
    return true;
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    return eraseRecord(documents, collection, id);
  }
}
