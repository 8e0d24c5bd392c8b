import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CollectionDefinition, Documents } from '../documents.ts';
import { type DocumentsUnderTest, newCollection, type OpenedDocuments, type Row } from './under-test.contract.ts';

const many = 1_000;

export function scanContract({ open }: DocumentsUnderTest): void {
  describe('a whole collection', () => {
    let opened: OpenedDocuments;
    let store: Documents;
    let rows: CollectionDefinition<Row>;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      rows = newCollection();
    });
    afterEach(() => opened.close());

    it('is scanned in the order of the ids, with the revisions that it was projected from', async () => {
      await store.insert(rows, 'b', { note: 'a record' });
      await store.project(rows, 'c', 7n, { note: 'projected' });
      await store.project(rows, 'a', 3n, { note: 'deleted' });
      await store.project(rows, 'a', 4n, null);
      expect(await Array.fromAsync(store.scan(rows))).toEqual([
        { id: 'b', revision: null, document: { note: 'a record' } },
        { id: 'c', revision: 7n, document: { note: 'projected' } },
      ]);
    });

    it('is scanned to its end, however large', async () => {
      const ids = Array.from({ length: many }, (_, index) => `id-${String(index).padStart(5, '0')}`);
      await Promise.all(ids.toReversed().map((id) => store.insert(rows, id, { rank: 1 })));
      expect((await Array.fromAsync(store.scan(rows))).map(({ id }) => id)).toEqual(ids);
      const from = ids[600] ?? '';
      expect((await Array.fromAsync(store.scan(rows, from))).map(({ id }) => id)).toEqual(ids.slice(600));
      expect((await Array.fromAsync(store.scan(rows, `${from}-`))).map(({ id }) => id)).toEqual(ids.slice(601));
    });

    it('is gone when it was dropped, tombstones and all, and begins anew', async () => {
      await store.project(rows, 'a', 5n, { rank: 5 });
      await store.project(rows, 'b', 5n, null);
      await store.drop(rows);
      await store.drop(rows);
      expect(await store.get(rows, 'a')).toBeNull();
      for (const id of ['a', 'b']) await store.project(rows, id, 1n, { rank: 1 });
      expect((await Array.fromAsync(store.scan(rows))).map(({ revision }) => revision)).toEqual([1n, 1n]);
      expect(await store.count(rows, { index: 'byRank', limit: 10 })).toBe(2);
    });
  });
}
