import type { JsonObject } from '#contracts';
import type { CollectionDefinition, Documents, PageOptions, Versioned } from './documents.ts';

/** The whole list, page by page: each is read when the one before has been dealt with. */
export async function* pagesOf<T extends JsonObject>(
  documents: Documents,
  collection: CollectionDefinition<T>,
  options: Omit<PageOptions, 'cursor'>,
): AsyncGenerator<readonly Versioned<T>[], void, void> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof documents.page<T>>> = await documents.page(collection, {
      ...options,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield page.items;
    cursor = page.next;
  }
}
