import { type Appended, type EventStore, type NewEvent, OutcomeUnknown } from '#event-store';
import { DependencyUnavailable } from '#messaging';

const tries = 5;

/**
 * A timeout means *unknown*: the identical append is sent again, which adds nothing if the first one was stored.
 *
 * @throws WrongExpectedVersion somebody else appended
 * @throws DependencyUnavailable the store did not answer, several times
 */
export async function appendSurely(
  store: EventStore,
  stream: string,
  expected: bigint | 'no-stream',
  events: readonly NewEvent[],
): Promise<Appended> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      if (attempt === tries) throw new DependencyUnavailable('the event store', { cause: error });
    }
  }
}
