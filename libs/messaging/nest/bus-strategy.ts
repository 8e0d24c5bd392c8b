import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { topics } from '#contracts';
import { type Bus, type Delivery, type Message, type Subscription, UnreadableMessage } from '../bus.ts';
import { readPattern } from './handles.ts';

export interface BusStrategyOptions {
  /** Keys that each group handles at the same time. */
  readonly concurrency: number;
  /** How long handlers may take to finish when the application closes. */
  readonly graceMs: number;
  /** Runs around the handling of every message that the group cares for: for the trace. */
  readonly around: (received: Received, handle: () => Promise<void>) => Promise<void>;
}

export interface Received {
  readonly group: string;
  readonly message: Message;
  readonly delivery: Delivery;
}

/**
 * Nest's controllers behind our bus: one subscription for each group that has handlers. Nest's own Kafka server
 * acknowledges what it does not know, hands bad JSON on as text, and tries poison for ever; here the bus decides.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  /** Failures go back to the bus; Nest need not log them. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #subscriptions: Subscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly options: BusStrategyOptions,
  ) {
    super();
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [group, topicsOfGroup] of this.#groups()) {
        const { concurrency } = this.options;
        const options = { group, topics: [...topicsOfGroup], from: 'beginning' as const, concurrency };
        const subscription = await this.bus.subscribe(options, (message, delivery) =>
          this.#receive({ group, message, delivery }),
        );
        this.#subscriptions.push(subscription);
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.close(this.options.graceMs)));
  }

  override on(event: string): never {
    throw new Error(`the bus has no event ${event}`);
  }

  override unwrap<T>(): T {
    // Nest's own type for "whatever this transport is made of".
    return this.bus as T;
  }

  #groups(): ReadonlyMap<string, ReadonlySet<string>> {
    const groups = new Map<string, Set<string>>();
    for (const pattern of this.messageHandlers.keys()) {
      const { group, topic } = readPattern(pattern);
      groups.set(group, (groups.get(group) ?? new Set()).add(topic));
    }
    return groups;
  }

  async #receive(received: Received): Promise<void> {
    const { group, message } = received;
    const first = this.messageHandlers.get(`${group} ${message.topic} ${message.type}`);
    if (first !== undefined) return this.options.around(received, () => handleBy(first, received));
    // A group need not care for every public event; on the other topics nothing comes that is not for it.
    if (message.topic !== topics.events) throw new UnreadableMessage(`nothing in ${group} handles ${message.type}`);
  }
}

async function handleBy(first: MessageHandler, { message, delivery }: Received): Promise<void> {
  for (let handler: MessageHandler | undefined = first; handler !== undefined; handler = handler.next) {
    const result: unknown = await handler(message, delivery);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
