import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCollection } from '../contract/under-test.contract.ts';
import { documentsContract } from '../documents.contract.ts';
import { type CollectionDefinition, defineCollection, type PageOptions, Taken } from '../documents.ts';
import { toCursor } from './cursor.ts';
import { countQuery, listName, pageQuery } from './page-query.ts';
import { SqliteDocuments } from './sqlite-documents.ts';

async function openFile() {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-documents-'));
  const path = join(folder, 'documents.db');
  let store = await SqliteDocuments.open(path);
  return {
    ...{ store, path },
    reopen: async () => {
      await store.close();
      store = await SqliteDocuments.open(path);
      return store;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

documentsContract('an SQLite file', { open: openFile });

documentsContract('SQLite in memory', {
  open: async () => {
    const store = await SqliteDocuments.open(':memory:');
    return { store, close: () => store.close() };
  },
  lacks: { reopen: '(memory is gone when it is closed)' },
});

describe('the tables of a collection', () => {
  let opened: Awaited<ReturnType<typeof openFile>>;
  beforeEach(async () => {
    opened = await openFile();
  });
  afterEach(() => opened.close());

  const rows = newCollection();
  const cursor = toCursor(listName(rows, 'byRank'), ['status', 'rank'], 'id-5', { status: 'offered', rank: 5 });
  it.each<[string, PageOptions, string]>([
    ['the start of a list', { index: 'byRank', limit: 2 }, 'SCAN'],
    ['what is claimable', { index: 'byRank', equals: ['offered'], limit: 2 }, '(field:status=?)'],
    ['what is due', { index: 'byDue', to: '2026', limit: 2 }, '(field:due>? AND field:due<?)'],
    [
      'the next page',
      { index: 'byRank', equals: ['offered'], limit: 2, cursor },
      '(field:status=? AND (field:rank,id)>(?,?))',
    ],
    [
      'the next page above a bound',
      { index: 'byRank', equals: ['offered'], from: 1, limit: 2, cursor },
      '(field:status=? AND (field:rank,id)>(?,?) AND field:rank<?)',
    ],
    [
      'the next page downwards',
      { index: 'byRank', equals: ['offered'], from: 1, to: 9, order: 'descending', limit: 2, cursor },
      '(field:status=? AND field:rank>? AND (field:rank,id)<(?,?))',
    ],
    ['a unique value', { index: 'byEmail', equals: ['a@example.org'], limit: 1 }, '(field:email=?)'],
  ])('are searched by their index for %s, and not sorted', async (_, options, seek) => {
    await opened.store.insert(rows, 'id', {});
    const database = new DatabaseSync(opened.path);
    for (const { sql, parameters } of [pageQuery(rows, options), countQuery(rows, options)]) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
      const steps = plan.map(({ detail }) => String(detail)).filter((detail) => detail.includes(rows.name));
      expect(steps).toEqual([expect.stringContaining(`INDEX ${rows.name}.${options.index}`)]);
      expect(steps[0]).toContain(seek);
      expect(plan.some(({ detail }) => String(detail).includes('TEMP B-TREE'))).toBe(false);
    }
    database.close();
  });

  it('follow a definition whose indexes have changed', async () => {
    const name = 'people';
    const before = defineCollection<{ name: string }>({
      name,
      kind: 'record',
      indexes: { byName: { fields: ['name'], unique: true } },
    });
    const after = defineCollection<{ name: string; age?: number }>({
      ...{ name, kind: 'record' },
      indexes: { byName: { fields: ['name'] }, byAge: { fields: ['age'], unique: true } },
    });
    await opened.store.insert(before, 'a', { name: 'Ada' });
    await expect(opened.store.insert(before, 'b', { name: 'Ada' })).rejects.toThrow(Taken);
    const store = await opened.reopen();
    await store.insert(after, 'b', { name: 'Ada', age: 36 });
    await expect(store.insert(after, 'c', { name: 'Eve', age: 36 })).rejects.toMatchObject({ index: 'byAge' });
    expect((await store.page(after, { index: 'byName', limit: 9 })).items).toHaveLength(2);
  });

  it('have one definition', async () => {
    const [one, other] = [newCollection(), newCollection()];
    await opened.store.insert(one, 'a', {});
    const twice = { ...other, name: one.name, indexes: {} };
    await expect(opened.store.insert(twice, 'b', {})).rejects.toThrow('defined twice');
  });

  it.each<[string, Pick<CollectionDefinition, 'name' | 'indexes'>]>([
    ['collection', { name: 'rows"; DROP TABLE x; --', indexes: {} }],
    ['collection, in capitals', { name: 'Rows', indexes: {} }],
    ['index', { name: 'rows', indexes: { 'by"': { fields: ['rank'] } } }],
    ['field', { name: 'rows', indexes: { byRank: { fields: [`rank"')`] } } }],
  ])('refuse a name that is none, of a %s', async (_, names) => {
    await expect(opened.store.insert({ kind: 'record', ...names }, 'a', {})).rejects.toThrow('is not a name');
  });
});
