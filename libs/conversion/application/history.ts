import { z } from 'zod';
import { Id, type JsonObject, publicEventTypes, readConversionEvent, terminalEventTypes } from '#contracts';
import type { Recorded } from '#event-store';

/** One event of a conversion as its owner sees it. */
export const HistoryEntry = z.object({
  id: Id,
  type: z.string(),
  revision: z.int().min(0),
  time: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()).describe('What the event’s type says'),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const History = z.object({ events: z.array(HistoryEntry) });

export function toHistoryEntry(recorded: Recorded): HistoryEntry {
  const { type, at, data } = readConversionEvent(recorded);
  return {
    id: recorded.id,
    type: publicEventTypes[type],
    revision: Number(recorded.revision),
    time: at,
    data: withoutBlobKeys(data) as HistoryEntry['data'],
  };
}

/** Whether nothing of interest follows: the stream of live events ends here. */
export function isLast({ type }: Pick<Recorded, 'type'>): boolean {
  return (terminalEventTypes as readonly string[]).includes(type) || type === 'ConversionDeleted';
}

/** Where the bytes are kept is nobody's business outside. */
function withoutBlobKeys(data: JsonObject): unknown {
  return JSON.parse(JSON.stringify(data, (key, value: unknown) => (key === 'key' ? undefined : value)));
}
