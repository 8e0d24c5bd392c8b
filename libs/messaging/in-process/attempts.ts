import type { Clock } from '#clock';
import { DependencyUnavailable, type Handler, type Message, UnreadableMessage } from '../bus.ts';

const firstPause = 100;
const longestPause = 5_000;
/** How long a failing message may hold its key up, in milliseconds. */
const patience = 30_000;

export type Outcome = { readonly kind: 'handled' | 'abandoned' } | { readonly kind: 'dead'; readonly reason: string };

/**
 * Handles a message, again and again: for ever while what it depends on is away or its type is of a newer version,
 * else for half a minute. Abandoned when the signal is aborted in between; somebody else then gets it.
 */
export async function attemptUntilDone(
  handle: Handler,
  message: Message,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  let failingSince: number | null = null;
  for (let attempt = 1, pause = firstPause; ; attempt += 1, pause = Math.min(pause * 2, longestPause)) {
    if (signal.aborted) return { kind: 'abandoned' };
    try {
      await handle(message, { attempt, signal });
      return { kind: 'handled' };
    } catch (error) {
      if (error instanceof UnreadableMessage) return { kind: 'dead', reason: error.message };
      if (!isPatient(error)) {
        failingSince ??= clock.now().getTime();
        if (clock.now().getTime() + pause - failingSince > patience) return { kind: 'dead', reason: reasonOf(error) };
      }
    }
    await clock.sleep(pause, signal);
  }
}

/** Nothing that giving the message up would mend. */
function isPatient(error: unknown): boolean {
  if (error instanceof DependencyUnavailable) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'unknown-event-type' || code === 'storage-full' || code === 'outcome-unknown';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
