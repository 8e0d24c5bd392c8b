import { accountStream, readAccountEvent } from '#contracts';
import type { EventStore } from '#event-store';

/** Whether the user's account was erased: as the log says now, whatever a list has got to. */
export async function isAccountErased(events: EventStore, userId: string): Promise<boolean> {
  for await (const recorded of events.read(accountStream(userId))) {
    if (readAccountEvent(recorded).type === 'AccountErased') return true;
  }
  return false;
}
