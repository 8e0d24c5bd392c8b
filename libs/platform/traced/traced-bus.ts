import { Bus, type Handler, type Message, type SubscribeOptions, type Subscription } from '#messaging';
import { currentTraceparent, inSpan } from '#telemetry';
import { isShown, messagingSpan } from './messaging-attributes.ts';

/** A bus whose messages carry the trace on: sending is a span, from which whoever handles them goes on. */
export class TracedBus extends Bus {
  constructor(
    private readonly bus: Bus,
    private readonly system: string,
  ) {
    super();
  }

  override publish(messages: readonly Message[]): Promise<void> {
    const [first] = messages.filter(isShown);
    if (first === undefined) return this.bus.publish(messages);
    const { name, ...options } = messagingSpan('send', this.system, first);
    const batch = messages.length === 1 ? {} : { 'messaging.batch.message_count': messages.length };
    const attributes = { ...options.attributes, ...batch };
    return inSpan(name, () => this.bus.publish(messages.map(traced)), { ...options, attributes });
  }

  override subscribe(options: SubscribeOptions, handle: Handler): Promise<Subscription> {
    return this.bus.subscribe(options, handle);
  }
}

function traced(message: Message): Message {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? message : { ...message, headers: { ...message.headers, traceparent } };
}
