import type { EventMetadata, JsonObject } from '#contracts';

/** What a command looks like to the machinery around a decider. */
export interface CommandLike {
  /** The same command sent again has the same id. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export interface EventLike {
  readonly type: string;
  readonly at: string;
  readonly data: JsonObject;
}

/**
 * A kind of actor: pure functions from which its behaviour follows.
 * See https://thinkbeforecoding.com/post/2021/12/17/functional-event-sourcing-decider.
 */
export interface Decider<Command extends CommandLike, Event extends EventLike, State> {
  readonly category: string;
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
  /**
   * The recorded event as this version knows it: upcast and checked.
   * @throws for a type that this version does not know; the actor then stops until a newer version runs
   */
  read(recorded: { readonly type: string; readonly data: JsonObject; readonly metadata: EventMetadata }): Event;
}
