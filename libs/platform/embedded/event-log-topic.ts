import { toIntegrationMessage } from '#contracts';
import type { EventStore, Position } from '#event-store';
import type { LogTopic } from '#messaging/in-process';

/** The relay of the embedded platform: the log itself is the topic, and each group keeps its own place in it. */
export function eventLogTopic(events: EventStore, categories: readonly string[]): LogTopic {
  return {
    async *read(after, signal) {
      for await (const item of events.feed({ after: after as Position | null, categories, signal })) {
        if ('caughtUp' in item) yield { caughtUp: item.caughtUp };
        else yield { message: toIntegrationMessage(item), offset: item.position };
      }
    },
    head: () => events.head(),
  };
}
