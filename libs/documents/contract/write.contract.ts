import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectionDefinition, type Documents, Stale, Taken } from '../documents.ts';
import {
  codesOf,
  type DocumentsUnderTest,
  newCollection,
  type OpenedDocuments,
  type Row,
  winnersOf,
} from './under-test.contract.ts';

const attempts = Array.from({ length: 20 }, (_, index) => index);

export function writeContract({ open, lacks }: DocumentsUnderTest): void {
  describe('insert and replace', () => {
    let opened: OpenedDocuments;
    let store: Documents;
    let rows: CollectionDefinition<Row>;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      rows = newCollection();
    });
    afterEach(() => opened.close());

    it('keeps a document as it was', async () => {
      const document = { note: `ä€😀\u0000"'; DROP TABLE`, rank: -1.5e-7, due: null, isOpen: true };
      const id = `a/"'; --\n😀`;
      expect(await store.get(rows, id)).toBeNull();
      await store.insert(rows, id, document);
      expect(await store.get(rows, id)).toEqual({ id, document, version: 1 });
    });

    it('has one winner of inserts of one id', async () => {
      const inserts = attempts.map((index) => store.insert(rows, 'one', { rank: index }));
      const outcomes = await Promise.allSettled(inserts);
      const [winner] = winnersOf(outcomes);
      expect(codesOf(outcomes)).toEqual(Array(19).fill('taken'));
      expect((await store.get(rows, 'one'))?.document).toEqual({ rank: winner });
      await expect(store.insert(rows, 'one', {})).rejects.toMatchObject({
        name: 'Taken',
        collection: rows.name,
        index: 'id',
      });
    });

    it('has one winner of inserts with one unique value, and the others leave nothing', async () => {
      const outcomes = await Promise.allSettled(
        attempts.map((index) => store.insert(rows, `id-${index}`, { email: 'a@example.org' })),
      );
      expect(codesOf(outcomes)).toEqual(Array(19).fill('taken'));
      const found = await Promise.all(attempts.map((index) => store.get(rows, `id-${index}`)));
      expect(found.flatMap((row, index) => (row === null ? [] : [index]))).toEqual(winnersOf(outcomes));
      const insert = store.insert(rows, 'late', { email: 'a@example.org' });
      await expect(insert).rejects.toMatchObject({ name: 'Taken', index: 'byEmail' });
    });

    it('does not count documents without the unique value', async () => {
      await Promise.all(
        attempts.map((index) => store.insert(rows, `id-${index}`, index % 2 === 0 ? {} : { email: null })),
      );
      expect(await store.get(rows, 'id-19')).not.toBeNull();
    });

    it('keeps a unique value through replacements, and frees it with the document', async () => {
      await store.insert(rows, 'a', { email: 'a@example.org' });
      await store.insert(rows, 'b', { email: 'b@example.org' });
      await expect(store.replace(rows, 'b', 1, { email: 'a@example.org' })).rejects.toThrow(Taken);
      expect(await store.get(rows, 'b')).toEqual({ id: 'b', version: 1, document: { email: 'b@example.org' } });
      await store.replace(rows, 'a', 1, { email: 'a@example.org', note: 'the same' });
      await store.replace(rows, 'a', 2, null);
      await store.replace(rows, 'b', 1, { email: 'a@example.org' });
    });

    it('has one winner of replacements of one version', async () => {
      await store.insert(rows, 'one', {});
      const outcomes = await Promise.allSettled(
        attempts.map((index) => store.replace(rows, 'one', 1, { rank: index })),
      );
      const [winner] = winnersOf(outcomes);
      expect(codesOf(outcomes)).toEqual(Array(19).fill('stale'));
      expect(await store.get(rows, 'one')).toEqual({ id: 'one', version: 2, document: { rank: winner } });
    });

    it('gives each row to one of many who claim', async () => {
      await Promise.all(
        attempts.map((index) => store.insert(rows, `task-${index}`, { status: 'offered', rank: index })),
      );
      const claimed: string[] = [];
      const claimAll = async () => {
        for (;;) {
          const { items } = await store.page(rows, { index: 'byRank', equals: ['offered'], limit: 3 });
          if (items.length === 0) return;
          for (const { id, version, document } of items) {
            const claim = store.replace(rows, id, version, { ...document, status: 'claimed' });
            await claim.then(
              () => claimed.push(id),
              (error: unknown) => expect(error).toBeInstanceOf(Stale),
            );
          }
        }
      };
      await Promise.all([claimAll(), claimAll(), claimAll(), claimAll()]);
      expect(claimed.toSorted()).toEqual(attempts.map((index) => `task-${index}`).toSorted());
    });

    it('refuses to replace or delete what is not there, or not at this version', async () => {
      await expect(store.replace(rows, 'absent', 1, {})).rejects.toThrow(Stale);
      await expect(store.replace(rows, 'absent', 1, null)).rejects.toThrow(Stale);
      await store.insert(rows, 'one', {});
      await expect(store.replace(rows, 'one', 2, null)).rejects.toThrow(Stale);
      await store.replace(rows, 'one', 1, null);
      expect(await store.get(rows, 'one')).toBeNull();
      await expect(store.replace(rows, 'one', 1, null)).rejects.toThrow(Stale);
      await expect(store.replace(rows, 'one', 2, {})).rejects.toThrow(Stale);
    });

    it('lets an id be used again, at no version that it has had', async () => {
      await store.insert(rows, 'one', { note: 'first' });
      const stale = await store.get(rows, 'one');
      await store.replace(rows, 'one', 1, { note: 'still the first' });
      await store.replace(rows, 'one', 2, null);
      await store.insert(rows, 'one', { note: 'second' });
      const version = (await store.get(rows, 'one'))?.version ?? 0;
      expect(version).toBeGreaterThan(2);
      await expect(store.replace(rows, 'one', stale?.version ?? 0, null)).rejects.toThrow(Stale);
      await store.replace(rows, 'one', version, { note: 'the second still' });
    });

    it('keeps concurrent writes apart, some of which must fail', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 400 }, (_, index) =>
          store.insert(rows, `id-${index}`, { email: `${index % 100}@example.org` }),
        ),
      );
      expect(winnersOf(outcomes)).toHaveLength(100);
      expect(await store.count(rows, { index: 'byEmail', limit: 1_000 })).toBe(100);
    });

    it('refuses what is not JSON', async () => {
      const circular: Record<string, unknown> = {};
      circular.note = circular;
      await expect(store.insert(rows, 'one', circular as Row)).rejects.toThrow(TypeError);
      expect(await store.get(rows, 'one')).toBeNull();
    });

    it.skipIf(lacks?.reopen !== undefined)(
      `keeps everything when closed and reopened ${lacks?.reopen ?? ''}`,
      async () => {
        const { reopen } = opened;
        if (reopen === undefined) throw new Error('the adapter neither reopens nor says why not');
        await store.insert(rows, 'a', { email: 'a@example.org' });
        await store.insert(rows, 'b', { status: 'offered', rank: 1 });
        await store.replace(rows, 'b', 1, null);
        await store.project(rows, 'c', 7n, null);
        const reopened = await reopen();
        expect(await reopened.get(rows, 'a')).toEqual({ id: 'a', version: 1, document: { email: 'a@example.org' } });
        await expect(reopened.insert(rows, 'd', { email: 'a@example.org' })).rejects.toThrow(Taken);
        await reopened.project(rows, 'c', 7n, {});
        expect(await reopened.get(rows, 'c')).toBeNull();
        expect(await reopened.get(rows, 'b')).toBeNull();
      },
    );
  });
}
