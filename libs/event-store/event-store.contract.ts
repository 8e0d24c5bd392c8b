import { describe } from 'vitest';
import { appendContract } from './contract/append.contract.ts';
import { durabilityContract } from './contract/durability.contract.ts';
import { feedContract } from './contract/feed.contract.ts';
import { readContract } from './contract/read.contract.ts';
import type { EventStoreUnderTest } from './contract/under-test.contract.ts';

export type { EventStoreUnderTest, OpenedEventStore } from './contract/under-test.contract.ts';

/** What every event store must do, whatever it stores in. */
export function eventStoreContract(adapter: string, underTest: EventStoreUnderTest): void {
  describe(`${adapter} as an event store`, () => {
    appendContract(underTest);
    readContract(underTest);
    feedContract(underTest);
    durabilityContract(underTest);
  });
}
