import type { Config } from '#config';
import { conversionStream, topics } from '#contracts';
import type { Message } from '#messaging';
import type { SpanOptions } from '#telemetry';

/** What each platform's bus is called in spans. */
export const messagingSystems: Readonly<Record<Config['platform'], string>> = { embedded: 'in_process' };

/** Percentages come twice a second and may be lost: a trace that shows them shows nothing else. */
export function isShown({ topic }: Pick<Message, 'topic'>): boolean {
  return topic !== topics.progress;
}

/**
 * By OpenTelemetry's conventions for messaging. The span is named by the message's type and not by its topic, which
 * carries many: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/.
 */
export function messagingSpan(
  operation: 'send' | 'process',
  system: string,
  message: Message,
): { readonly name: string } & SpanOptions {
  return {
    name: `${operation} ${message.type}`,
    kind: operation === 'send' ? 'producer' : 'consumer',
    conversionId: conversionOf(message),
    attributes: {
      'messaging.system': system,
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
      'messaging.destination.name': message.topic,
      'messaging.message.id': message.id,
      'mixdown.message.type': message.type,
    },
  };
}

function conversionOf({ topic, key }: Message): string | undefined {
  if (topic !== topics.events) return key;
  const prefix = conversionStream('');
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}
