import type { EventStore } from '../event-store.ts';

export interface OpenedEventStore {
  readonly store: EventStore;
  /** Closes it, opens it again where it was, and gives the new one. */
  readonly reopen?: () => Promise<EventStore>;
  /** A program that opens the same place and runs `appendUntilKilled`; with its arguments. Needs `reopen`. */
  readonly appender?: readonly string[];
  /** Closes whichever is open and removes what is left behind. */
  readonly close: () => Promise<void>;
}

export interface EventStoreUnderTest {
  /** An empty store, or one whose other events these tests do not see: they use random stream names. */
  readonly open: () => Promise<OpenedEventStore>;
  /** Why an adapter gives no `reopen` or `appender`: the name of the tests that are then skipped. */
  readonly lacks?: { readonly reopen?: string; readonly appender?: string };
}
