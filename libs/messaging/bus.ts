import type { Json } from '#contracts';

export interface Message {
  readonly topic: string;
  /** Messages of one key are handled one after the other, in the order in which they were published. */
  readonly key: string;
  /** Unique: a consumer recognises a repetition by it. */
  readonly id: string;
  /** What the value is, for instance `mixdown.conversion.requested.v1`. */
  readonly type: string;
  readonly value: Json;
  /** `traceparent` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Delivery {
  /** From 1; counts the tries of this message by this group since the process started. */
  readonly attempt: number;
  /** Aborted when the subscription is closing, or its key was handed to another member. */
  readonly signal: AbortSignal;
}

export interface SubscribeOptions {
  readonly topics: readonly string[];
  /** Each group gets every message; one member of a group handles it. */
  readonly group: string;
  /** Where a group starts that has never been here. */
  readonly from: 'beginning' | 'end';
  /** Keys handled at the same time. */
  readonly concurrency: number;
  /** These keys' messages go to another member from now on: state held for them must be dropped. */
  readonly onRevoked?: (isRevoked: (key: string) => boolean) => void;
}

export interface Subscription {
  /** Takes no further message, lets those in hand finish for at most `graceMs`, then aborts their signals. */
  close(graceMs: number): Promise<void>;
}

/**
 * Resolving acknowledges the message. {@link DependencyUnavailable} pauses the key's partition and tries for ever;
 * any other error is tried again with backoff for at most 30 s, then the message goes to the dead-letter topic.
 */
export type Handler = (message: Message, delivery: Delivery) => Promise<void>;

/** Messages between services: at least once, ordered per key, JSON only. */
export abstract class Bus {
  /** Resolved means that the bus has it. */
  abstract publish(messages: readonly Message[]): Promise<void>;
  abstract subscribe(options: SubscribeOptions, handle: Handler): Promise<Subscription>;
}

/** Something that the handler needs does not answer: not the message's fault, so it is never given up for it. */
export class DependencyUnavailable extends Error {
  readonly code = 'dependency-unavailable';
  constructor(dependency: string, options?: ErrorOptions) {
    super(`${dependency} is not available`, options);
    this.name = 'DependencyUnavailable';
  }
}

/** The message can never be handled (its shape is wrong): it is parked at once, without trying again. */
export class UnreadableMessage extends Error {
  readonly code = 'unreadable-message';
  constructor(why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = 'UnreadableMessage';
  }
}
