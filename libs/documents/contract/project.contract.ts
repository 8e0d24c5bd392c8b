import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectionDefinition, type Documents, Stale } from '../documents.ts';
import {
  allPages,
  type DocumentsUnderTest,
  newCollection,
  type OpenedDocuments,
  type Row,
} from './under-test.contract.ts';

export function projectContract({ open }: DocumentsUnderTest): void {
  describe('project', () => {
    let opened: OpenedDocuments;
    let store: Documents;
    let rows: CollectionDefinition<Row>;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      rows = newCollection();
    });
    afterEach(() => opened.close());

    it('writes what is newer, and nothing that is as old or older', async () => {
      await store.project(rows, 'a', 0n, { rank: 0 });
      await store.project(rows, 'a', 5n, { rank: 5 });
      const newest = await store.get(rows, 'a');
      for (const revision of [5n, 4n, 0n]) {
        await store.project(rows, 'a', revision, { rank: -1 });
        await store.project(rows, 'a', revision, null);
      }
      expect(await store.get(rows, 'a')).toEqual(newest);
      expect(newest).toEqual({ id: 'a', version: 2, document: { rank: 5 } });
    });

    it('brings nothing back that was deleted since', async () => {
      await store.project(rows, 'a', 3n, { rank: 3 });
      await store.project(rows, 'a', 4n, null);
      await store.project(rows, 'never-seen', 4n, null);
      for (const id of ['a', 'never-seen']) {
        for (const revision of [4n, 3n]) await store.project(rows, id, revision, { rank: 1 });
        expect(await store.get(rows, id)).toBeNull();
      }
      expect(await store.count(rows, { index: 'byRank', limit: 10 })).toBe(0);
      await store.project(rows, 'a', 5n, { rank: 5 });
      expect((await store.get(rows, 'a'))?.document).toEqual({ rank: 5 });
    });

    it('brings nothing back that was deleted by compare and set', async () => {
      await store.project(rows, 'a', 3n, { rank: 3 });
      await store.replace(rows, 'a', 1, null);
      await store.project(rows, 'a', 3n, { rank: 3 });
      expect(await store.get(rows, 'a')).toBeNull();
    });

    it('lets the newest win, in whatever order they come', async () => {
      const revisions = Array.from({ length: 50 }, (_, index) => BigInt((index * 37) % 50));
      await Promise.all(revisions.map((revision) => store.project(rows, 'a', revision, { rank: Number(revision) })));
      expect((await store.get(rows, 'a'))?.document).toEqual({ rank: 49 });
    });

    it('counts as a write for those who compare and set', async () => {
      await store.project(rows, 'a', 1n, { rank: 1 });
      await store.project(rows, 'a', 2n, { rank: 2 });
      await expect(store.replace(rows, 'a', 1, {})).rejects.toThrow(Stale);
    });

    it('changes nothing when the last thousand events are applied again', async () => {
      const events = Array.from({ length: 1_500 }, (_, index) => ({
        ...{ id: `id-${(index * 7) % 40}`, revision: BigInt(index) },
        row: index % 11 === 0 ? null : { status: 'offered', rank: index, due: String(index) },
      }));
      const apply = async (some: typeof events) => {
        for (const { id, revision, row } of some) await store.project(rows, id, revision, row);
      };
      await apply(events);
      const before = await allPages(store, rows, { index: 'byRank' }, 100);
      expect(before.length).toBeGreaterThan(30);
      await apply(events.slice(-1_000));
      expect(await allPages(store, rows, { index: 'byRank' }, 100)).toEqual(before);
      const outOfOrder = events.slice(-1_000).toReversed();
      await Promise.all(outOfOrder.map(({ id, revision, row }) => store.project(rows, id, revision, row)));
      expect(await allPages(store, rows, { index: 'byRank' }, 100)).toEqual(before);
    });
  });
}
