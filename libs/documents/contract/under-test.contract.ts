import { randomUUID } from 'node:crypto';
import {
  type CollectionDefinition,
  type Documents,
  defineCollection,
  type PageOptions,
  type Versioned,
} from '../documents.ts';

export interface OpenedDocuments {
  readonly store: Documents;
  /** Closes it, opens it again where it was, and gives the new one. */
  readonly reopen?: () => Promise<Documents>;
  /** Closes whichever is open and removes what is left behind. */
  readonly close: () => Promise<void>;
}

export interface DocumentsUnderTest {
  /** The tests use collections of random names: others may be there. */
  readonly open: () => Promise<OpenedDocuments>;
  /** Why an adapter gives no `reopen`: the name of the test that is then skipped. */
  readonly lacks?: { readonly reopen?: string };
}

/** A row of the kinds that the services keep: something that waits for its turn, and somebody with an address. */
export type Row = {
  readonly status?: string | null;
  readonly rank?: number | null;
  readonly due?: string | null;
  readonly isOpen?: boolean;
  readonly email?: string | null;
  readonly note?: string;
};

export function newCollection(): CollectionDefinition<Row> {
  return defineCollection<Row>({
    name: `rows-${randomUUID().slice(0, 8)}`,
    kind: 'record',
    indexes: {
      byRank: { fields: ['status', 'rank'] },
      byDue: { fields: ['due'] },
      byOpen: { fields: ['isOpen', 'rank'] },
      byEmail: { fields: ['email'], unique: true },
    },
  });
}

export type Listing = Omit<PageOptions, 'limit' | 'cursor'>;

/** Every page of the list, one after the other, through its cursors. */
export async function allPages(
  store: Documents,
  collection: CollectionDefinition<Row>,
  listing: Listing,
  limit = 3,
  afterEach: () => Promise<void> = async () => {},
): Promise<readonly Versioned<Row>[]> {
  const items: Versioned<Row>[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await store.page(collection, { ...listing, limit, ...(cursor === undefined ? {} : { cursor }) });
    if (page.next !== null && page.items.length !== limit) throw new Error('a page before the last was not full');
    items.push(...page.items);
    cursor = page.next;
    await afterEach();
  }
  return items;
}

export function winnersOf(outcomes: readonly PromiseSettledResult<unknown>[]): readonly number[] {
  return outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
}

export function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
}
