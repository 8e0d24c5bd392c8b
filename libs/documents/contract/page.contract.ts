import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectionDefinition, type Documents, InvalidCursor } from '../documents.ts';
import {
  allPages,
  type DocumentsUnderTest,
  type Listing,
  newCollection,
  type OpenedDocuments,
  type Row,
} from './under-test.contract.ts';

export function pageContract({ open }: DocumentsUnderTest): void {
  describe('page', () => {
    let opened: OpenedDocuments;
    let store: Documents;
    let rows: CollectionDefinition<Row>;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      rows = newCollection();
    });
    afterEach(() => opened.close());

    async function idsOf(listing: Listing, limit?: number): Promise<readonly string[]> {
      return (await allPages(store, rows, listing, limit)).map(({ id }) => id);
    }

    const stored: readonly (readonly [string, Row])[] = [
      ['a', { status: 'offered', rank: 2, due: '2026-01-02', isOpen: true }],
      ['b', { status: 'offered', rank: 1, due: '2026-01-01', isOpen: false }],
      ['c', { status: 'offered', rank: 2, due: '2026-01-03', isOpen: true }],
      ['d', { status: 'claimed', rank: 1, due: null }],
      ['e', { status: 'offered', rank: 10, due: '2026-01-02' }],
      ['f', { status: 'offered' }],
      ['g', { status: null, rank: 3 }],
      ['h', { rank: 2.5, due: '' }],
    ];

    it.each<[string, Listing, string]>([
      ['equal leading values in order, ties by id, absent first', { index: 'byRank', equals: ['offered'] }, 'fbace'],
      ['the same downwards', { index: 'byRank', equals: ['offered'], order: 'descending' }, 'ecabf'],
      ['all of an index, absent like null', { index: 'byRank' }, 'hgdfbace'],
      ['all of it downwards', { index: 'byRank', order: 'descending' }, 'ecabfdgh'],
      ['null as a value', { index: 'byRank', equals: [null] }, 'hg'],
      ['every field given', { index: 'byRank', equals: ['offered', 2] }, 'ac'],
      ['every field given, downwards', { index: 'byRank', equals: ['offered', 2], order: 'descending' }, 'ca'],
      ['at least', { index: 'byRank', equals: ['offered'], from: 2 }, 'ace'],
      ['less than, and no absent ones', { index: 'byRank', equals: ['offered'], to: 2 }, 'b'],
      ['between', { index: 'byRank', equals: ['offered'], from: 1, to: 10 }, 'bac'],
      ['between, downwards', { index: 'byRank', equals: ['offered'], from: 1, to: 10, order: 'descending' }, 'cab'],
      ['times that are due', { index: 'byDue', to: '2026-01-03' }, 'hbae'],
      ['times from one on', { index: 'byDue', from: '2026-01-02' }, 'aec'],
      ['times from one on, downwards', { index: 'byDue', from: '2026-01-02', order: 'descending' }, 'cea'],
      ['numbers only for a number', { index: 'byDue', from: 0 }, ''],
      ['booleans', { index: 'byOpen', equals: [true] }, 'ac'],
      ['the other boolean', { index: 'byOpen', equals: [false] }, 'b'],
    ])('gives %s', async (_, listing, expected) => {
      for (const [id, row] of stored) await store.insert(rows, id, row);
      for (const limit of [1, 2, 3, 100]) expect((await idsOf(listing, limit)).join('')).toBe(expected);
      expect(await store.count(rows, { ...listing, limit: 100 })).toBe(expected.length);
      if (expected.length > 1) expect(await store.count(rows, { ...listing, limit: 1 })).toBe(1);
    });

    it('finds by a unique value, and lists what has one', async () => {
      await store.insert(rows, 'b', { email: 'a@example.org' });
      await store.insert(rows, 'a', { email: 'c@example.org' });
      await store.insert(rows, 'd', { email: 'b@example.org' });
      await store.insert(rows, 'c', {});
      expect(await idsOf({ index: 'byEmail', equals: ['b@example.org'] })).toEqual(['d']);
      expect(await idsOf({ index: 'byEmail', equals: ['nobody@example.org'] })).toEqual([]);
      expect(await idsOf({ index: 'byEmail' }, 1)).toEqual(['b', 'd', 'a']);
      expect(await idsOf({ index: 'byEmail', order: 'descending' }, 1)).toEqual(['a', 'd', 'b']);
    });

    it('gives documents as they are now, without those deleted', async () => {
      await store.insert(rows, 'a', { rank: 1 });
      await store.insert(rows, 'b', { rank: 2 });
      await store.insert(rows, 'c', { rank: 3 });
      await store.replace(rows, 'a', 1, { rank: 4 });
      await store.replace(rows, 'b', 1, null);
      const items = await allPages(store, rows, { index: 'byRank' });
      expect(items).toEqual([
        { id: 'c', version: 1, document: { rank: 3 } },
        { id: 'a', version: 2, document: { rank: 4 } },
      ]);
    });

    it.each(['ascending', 'descending'] as const)(
      'gives nothing twice and leaves nothing out under concurrent inserts, %s',
      async (order) => {
        const ranks = fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(null)), {
          minLength: 1,
          maxLength: 40,
        });
        await fc.assert(
          fc.asyncProperty(ranks, ranks, fc.integer({ min: 1, max: 7 }), async (before, meanwhile, limit) => {
            const status = randomUUID();
            const insert = (rank: number | null) =>
              store.insert(rows, randomUUID(), { status, rank, note: 'meanwhile' });
            await Promise.all(before.map((rank, index) => store.insert(rows, `${status}-${index}`, { status, rank })));
            const late = [...meanwhile];
            const listing: Listing = { index: 'byRank', equals: [status], order };
            const items = await allPages(store, rows, listing, limit, async () => {
              await Promise.all(late.splice(0, 5).map(insert));
            });
            const old = items.filter(({ document }) => document.note === undefined).map(({ id }) => id);
            expect(old.toSorted()).toEqual(before.map((_, index) => `${status}-${index}`).toSorted());
            expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
            const keys = items.map(({ document }) => document.rank ?? -1);
            expect(keys).toEqual(keys.toSorted((a, b) => (order === 'ascending' ? a - b : b - a)));
          }),
          { numRuns: 25 },
        );
      },
    );

    it('refuses a cursor that it did not give, or gave for another list', async () => {
      for (let index = 0; index < 4; index += 1)
        await store.insert(rows, `id-${index}`, { status: 'offered', rank: index });
      const listing = { index: 'byRank', equals: ['offered'], limit: 2 };
      const { next } = await store.page(rows, listing);
      const cursor = next ?? '';
      expect((await store.page(rows, { ...listing, cursor })).items.map(({ id }) => id)).toEqual(['id-2', 'id-3']);
      const forged = ['', 'x', '%%%', 'bnVsbA', 'W10', 'e30', cursor.slice(0, -4), `${cursor}${cursor}`];
      for (const other of forged) {
        await expect(store.page(rows, { ...listing, cursor: other })).rejects.toThrow(InvalidCursor);
      }
      await expect(store.page(rows, { index: 'byDue', limit: 2, cursor })).rejects.toThrow(InvalidCursor);
      await expect(store.page(rows, { ...listing, equals: ['claimed'], cursor })).rejects.toThrow(InvalidCursor);
      await expect(store.page(newCollection(), { ...listing, cursor })).rejects.toThrow(InvalidCursor);
    });

    it('goes on by a cursor where the collection has come to lie elsewhere', async () => {
      const [first, second] = ['first', 'second'].map((generation) => ({
        ...rows,
        storedAs: `${rows.name}-${generation}`,
      }));
      if (first === undefined || second === undefined) throw new Error('two generations are needed');
      for (const generation of [first, second]) {
        for (let rank = 0; rank < 4; rank += 1) await store.insert(generation, `id-${rank}`, { status: 'open', rank });
      }
      const listing = { index: 'byRank', equals: ['open'], limit: 2 };
      const { next } = await store.page(first, listing);
      const { items } = await store.page(second, { ...listing, cursor: next ?? '' });
      expect(items.map(({ id }) => id)).toEqual(['id-2', 'id-3']);
      expect(await store.get(rows, 'id-0')).toBeNull();
    });

    it('refuses an index that the collection does not have, and a limit below one', async () => {
      await expect(store.page(rows, { index: 'byName', limit: 1 })).rejects.toThrow(TypeError);
      await expect(store.page(rows, { index: 'byRank', limit: 0 })).rejects.toThrow(RangeError);
    });
  });
}
