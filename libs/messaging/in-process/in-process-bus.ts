import type { Clock } from '#clock';
import { deadLetterTopic } from '#contracts';
import { Bus, type Handler, type Message, type SubscribeOptions, type Subscription } from '../bus.ts';
import { Group } from './group.ts';
import { LogReader } from './log-reader.ts';
import type { GroupCheckpoints, LogTopic } from './log-topic.ts';
import { Member } from './member.ts';

/** How many messages of each topic are kept for groups that have not come yet. */
const retained = 1_000;

export interface InProcessBusOptions {
  readonly clock: Clock;
  /** Topics that are logs: nobody publishes to them here. */
  readonly logs?: {
    readonly topics: Readonly<Record<string, LogTopic>>;
    readonly checkpoints: GroupCheckpoints;
  };
  /** Told of every message that is parked. */
  readonly onDeadLetter?: (message: Message, reason: string) => void;
}

interface KnownGroup {
  readonly group: Group;
  readonly topics: Set<string>;
  readonly readers: LogReader[];
}

/** A bus in one process, with Kafka's semantics: asynchronous, at least once, ordered per key, everything through JSON. */
export class InProcessBus extends Bus {
  readonly #groups = new Map<string, KnownGroup>();
  readonly #retained = new Map<string, string[]>();

  constructor(private readonly options: InProcessBusOptions) {
    super();
  }

  override async publish(messages: readonly Message[]): Promise<void> {
    for (const { topic } of messages) {
      if (this.#logOf(topic) !== undefined) throw new Error(`${topic} is a log: events are appended, not published`);
    }
    const texts = messages.map((message) => JSON.stringify(message));
    for (const [index, { topic }] of messages.entries()) this.#send(topic, texts[index] ?? '');
  }

  override async subscribe(options: SubscribeOptions, handle: Handler): Promise<Subscription> {
    const known = this.#groups.get(options.group) ?? { group: new Group(), topics: new Set(), readers: [] };
    this.#groups.set(options.group, known);
    const { group } = known;
    const member = new Member(options, handle, {
      clock: this.options.clock,
      park: (message, reason) => this.#park(message, reason),
      giveBack: (parcel) => group.giveBack(parcel),
    });
    const isFirst = !group.hasMembers;
    await group.join(member);
    for (const topic of options.topics) this.#openTopic(options, topic, known, isFirst);
    let closing: Promise<void> | null = null;
    return {
      close: (graceMs) => {
        closing ??= this.#close(options.group, known, member, graceMs);
        return closing;
      },
    };
  }

  #openTopic({ group: name, from }: SubscribeOptions, topic: string, known: KnownGroup, isFirst: boolean): void {
    const isNew = !known.topics.has(topic);
    known.topics.add(topic);
    const log = this.#logOf(topic);
    if (log !== undefined) {
      const { checkpoints } = this.options.logs ?? {};
      if ((isNew || isFirst) && checkpoints !== undefined) {
        known.readers.push(new LogReader(name, topic, from, log, checkpoints, known.group, this.options.clock));
      }
      return;
    }
    if (isNew && from === 'beginning') {
      for (const text of this.#retained.get(topic) ?? []) this.#give(known.group, text);
    }
  }

  async #close(name: string, known: KnownGroup, member: Member, graceMs: number): Promise<void> {
    await known.group.leave(member, graceMs);
    if (known.group.hasMembers) return;
    await Promise.all(known.readers.splice(0).map((reader) => reader.stop()));
    // Nobody comes back to a group that only ever wanted what comes from now on.
    if (member.options.from === 'end') this.#groups.delete(name);
  }

  #send(topic: string, text: string): void {
    const kept = this.#retained.get(topic) ?? [];
    this.#retained.set(topic, kept);
    kept.push(text);
    if (kept.length > retained) kept.shift();
    for (const { group, topics } of this.#groups.values()) if (topics.has(topic)) this.#give(group, text);
  }

  #give(group: Group, text: string): void {
    group.take({ message: JSON.parse(text) as Message, done: () => undefined });
  }

  #park(message: Message, reason: string): void {
    const { topic, headers } = message;
    const parked = {
      ...message,
      topic: deadLetterTopic(topic),
      headers: { ...headers, reason, 'original-topic': topic },
    };
    this.#send(parked.topic, JSON.stringify(parked));
    this.options.onDeadLetter?.(message, reason);
  }

  #logOf(topic: string): LogTopic | undefined {
    return this.options.logs?.topics[topic];
  }
}
