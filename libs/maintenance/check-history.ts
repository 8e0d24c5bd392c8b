import { eventIdFor, eventSchemas, terminalEventTypes, UnknownEventType } from '#contracts';
import type { Recorded } from '#event-store';
import type { Finding } from './verification.ts';

/** More events than any command leads to at once. */
const mostEventsOfACommand = 16;

/**
 * What is wrong with a stream's history, read from its beginning: a gap, an event that is not what was recorded (its
 * id is a function of its content), or one that cannot follow what was before.
 *
 * @param replay folds the stream as its service does; throws for a history that the service can never have written
 */
export function checkHistory(
  stream: string,
  history: readonly Recorded[],
  replay: (history: readonly Recorded[]) => void,
): readonly Finding[] {
  const findings = history.flatMap((recorded, place) => [
    ...gapBefore(stream, history[place - 1]?.revision ?? -1n, recorded.revision),
    ...damageOf(recorded),
  ]);
  const ends = history.filter(({ type }) => (terminalEventTypes as readonly string[]).includes(type));
  if (ends.length > 1) findings.push({ kind: 'history', stream, detail: `it ends ${ends.length} times` });
  // What is damaged cannot be told apart from what is impossible.
  if (findings.length > 0) return findings;
  try {
    replay(history);
  } catch (error) {
    findings.push({ kind: 'history', stream, detail: error instanceof Error ? error.message : String(error) });
  }
  return findings;
}

function gapBefore(stream: string, before: bigint, revision: bigint): readonly Finding[] {
  const missing = revision - before - 1n;
  if (missing === 0n) return [];
  return [{ kind: 'history', stream, detail: `${missing} event(s) before revision ${revision} are missing` }];
}

function damageOf({ stream, revision, id, type, data, metadata }: Recorded): readonly Finding[] {
  const damaged = (detail: string): Finding => ({ kind: 'event', stream, revision: revision.toString(), detail });
  const schema = (eventSchemas as Readonly<Record<string, (typeof eventSchemas)[keyof typeof eventSchemas]>>)[type];
  if (schema === undefined) return [damaged(new UnknownEventType(type, stream, revision).message)];
  const isItself = Array.from({ length: mostEventsOfACommand }, (_, index) => index).some(
    (index) => eventIdFor(stream, metadata.commandId, index, { type, data }) === id,
  );
  if (!isItself) return [damaged('its content is not what was recorded: it does not match its id')];
  const parsed = schema.safeParse(data);
  return parsed.success ? [] : [damaged(`its content cannot be read: ${parsed.error.message}`)];
}
