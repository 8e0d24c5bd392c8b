import { eventIdFor } from '#contracts';
import { crashPoint } from '#crash-points';
import { type EventStore, type NewEvent, WrongExpectedVersion } from '#event-store';
import { appendSurely } from './append-surely.ts';
import type { CommandLike, Decider, EventLike } from './decider.ts';
import { Mailbox } from './mailbox.ts';

/** What an actor knows of itself: a fold of its stream up to the revision. */
export interface Known<State> {
  readonly state: State;
  readonly revision: bigint | 'no-stream';
  /** Trace context of the first event: what is done later, also after a restart, belongs to that trace. */
  readonly traceparent: string | undefined;
}

export interface Executed<State> extends Known<State> {
  /** How many events the command led to; 0 for a repetition, or for what came too late. */
  readonly appended: number;
}

/** Where a command came from. */
export interface Cause {
  readonly causationId?: string;
  readonly traceparent?: string;
}

interface Actor<State> {
  readonly mailbox: Mailbox;
  /** Null until it was read, and after a lost race. */
  known: Known<State> | null;
}

/** Everybody who tried to append to this stream was overtaken, again and again. */
export class TooMuchContention extends Error {
  readonly code = 'too-much-contention';
  constructor(stream: string) {
    super(`${stream} was changed by others faster than a command could be carried out`);
    this.name = 'TooMuchContention';
  }
}

const maxRaces = 5;
const eventSchemaVersion = 1;

/**
 * Actors of one kind: a mailbox for each id, a state folded from its stream, commands one at a time. An actor comes
 * to life with its first message; the ones idle for longest are passivated when there are more than `maxActive`.
 *
 * What makes it safe is the expected revision of the append, and nothing else: two processes may believe that they
 * own an actor, and the one that loses the race reloads and decides again.
 */
export class ActorSystem<Command extends CommandLike, Event extends EventLike, State> {
  readonly #actors = new Map<string, Actor<State>>();

  constructor(
    private readonly decider: Decider<Command, Event, State>,
    private readonly events: EventStore,
    private readonly options: { readonly maxActive: number } = { maxActive: 1_000 },
  ) {}

  get active(): number {
    return this.#actors.size;
  }

  /**
   * Decides and appends. Resolved means that what the command led to is durable.
   *
   * @throws what the decider throws for a command that is refused
   * @throws {@link TooMuchContention} five lost races
   * @throws DependencyUnavailable the event store does not answer
   */
  execute(id: string, command: Command, cause: Cause = {}): Promise<Executed<State>> {
    return this.#inMailbox(id, (actor) => this.#decideAndAppend(id, actor, command, cause));
  }

  /**
   * The state, as new as the given revision at least; without one, as new as the log.
   */
  look(id: string, atLeast?: bigint): Promise<Known<State>> {
    return this.#inMailbox(id, async (actor) => {
      const { known } = actor;
      const isNewEnough =
        known !== null && atLeast !== undefined && known.revision !== 'no-stream' && known.revision >= atLeast;
      return isNewEnough ? known : this.#catchUp(id, actor);
    });
  }

  /** Drops the states of actors that another process owns from now on. */
  forget(isForgotten: (id: string) => boolean): void {
    for (const [id, actor] of this.#actors) if (isForgotten(id)) actor.known = null;
  }

  async #decideAndAppend(id: string, actor: Actor<State>, command: Command, cause: Cause): Promise<Executed<State>> {
    const stream = `${this.decider.category}-${id}`;
    for (let race = 0; race < maxRaces; race += 1) {
      const { known, decided } = await this.#decide(id, actor, command);
      if (decided.length === 0) return { ...known, appended: 0 };
      const events = decided.map((event, index) => toNewEvent(stream, command, index, event, cause));
      crashPoint('actor.before-append');
      try {
        const { revision } = await appendSurely(this.events, stream, known.revision, events);
        crashPoint('actor.appended');
        const state = decided.reduce((before, event) => this.decider.evolve(before, event), known.state);
        actor.known = { state, revision, traceparent: known.traceparent ?? cause.traceparent };
        return { ...actor.known, appended: decided.length };
      } catch (error) {
        actor.known = null;
        if (!(error instanceof WrongExpectedVersion)) throw error;
      }
    }
    throw new TooMuchContention(stream);
  }

  /**
   * A decision that leads to events is fenced by the append. One that leads to nothing, or is refused, is not: it is
   * taken again on what the log says now.
   */
  async #decide(id: string, actor: Actor<State>, command: Command) {
    const remembered = actor.known;
    if (remembered !== null && this.#leadsToEvents(command, remembered.state)) {
      return { known: remembered, decided: this.decider.decide(command, remembered.state) };
    }
    const known = await this.#catchUp(id, actor);
    return { known, decided: this.decider.decide(command, known.state) };
  }

  #leadsToEvents(command: Command, state: State): boolean {
    try {
      return this.decider.decide(command, state).length > 0;
    } catch {
      // Refused on what may be old: the decision that counts is taken anew.
      return false;
    }
  }

  async #catchUp(id: string, actor: Actor<State>): Promise<Known<State>> {
    const start: Known<State> = { state: this.decider.initial, revision: 'no-stream', traceparent: undefined };
    let { state, revision, traceparent } = actor.known ?? start;
    const from = revision === 'no-stream' ? 0n : revision + 1n;
    for await (const recorded of this.events.read(`${this.decider.category}-${id}`, from)) {
      state = this.decider.evolve(state, this.decider.read(recorded));
      revision = recorded.revision;
      traceparent ??= recorded.metadata.traceparent;
    }
    actor.known = { state, revision, traceparent };
    return actor.known;
  }

  #inMailbox<T>(id: string, work: (actor: Actor<State>) => Promise<T>): Promise<T> {
    const actor = this.#actors.get(id) ?? { mailbox: new Mailbox(), known: null };
    // Deleting first keeps the map in the order of last use.
    this.#actors.delete(id);
    this.#actors.set(id, actor);
    const result = actor.mailbox.run(() => work(actor));
    this.#passivate();
    return result;
  }

  #passivate(): void {
    for (const [id, { mailbox }] of this.#actors) {
      if (this.#actors.size <= this.options.maxActive) return;
      if (mailbox.isIdle) this.#actors.delete(id);
    }
  }
}

function toNewEvent(
  stream: string,
  command: CommandLike,
  index: number,
  { type, at, data }: EventLike,
  cause: Cause,
): NewEvent {
  return {
    id: eventIdFor(stream, command.id, index, { type, data }),
    type,
    data,
    metadata: { commandId: command.id, at, schema: eventSchemaVersion, ...cause },
  };
}
