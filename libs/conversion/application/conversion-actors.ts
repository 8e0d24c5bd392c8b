import { Injectable } from '@nestjs/common';
import { ActorSystem, type Cause, type Decider, type Executed, type Known } from '#actors';
import { type ConversionCommand, type ConversionEvent, readConversionEvent } from '#contracts';
import { EventStore } from '#event-store';
import { continueTrace, currentTraceparent, spanIsAbout, withoutSpans } from '#telemetry';
import { decide } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import { absent, type ConversionState } from '../domain/state.ts';
import { unneededBlobs } from '../domain/unneeded-blobs.ts';
import { Reactions } from './reactions.ts';
import { traceEnd } from './trace-end.ts';

const category = 'conversion';

const decider: Decider<ConversionCommand, ConversionEvent, ConversionState> = {
  category,
  initial: absent,
  decide,
  evolve,
  read: ({ type, data, metadata }) => readConversionEvent({ stream: category, revision: -1n, type, data, metadata }),
};

export interface Woken extends Known<ConversionState> {
  /** This process had done already what the state makes necessary. */
  readonly isRepetition: boolean;
}

/** The conversions that are alive in this process: commands and messages meet them here, one at a time each. */
@Injectable()
export class ConversionActors {
  readonly #system: ActorSystem<ConversionCommand, ConversionEvent, ConversionState>;

  constructor(
    events: EventStore,
    private readonly reactions: Reactions,
  ) {
    this.#system = new ActorSystem(decider, events);
  }

  get active(): number {
    return this.#system.active;
  }

  /**
   * Carries the command out; what it makes necessary follows from the event, when the relay brings it.
   * @throws CommandRefused | TooMuchContention | DependencyUnavailable
   */
  async execute(command: ConversionCommand, causationId?: string): Promise<Executed<ConversionState>> {
    const traceparent = currentTraceparent();
    const cause: Cause = {
      ...(causationId === undefined ? {} : { causationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const executed = await this.#system.execute(command.conversionId, command, cause);
    spanIsAbout(command.conversionId, executed.traceparent);
    if (executed.appended > 0) traceEnd(command, executed);
    return executed;
  }

  /** An encoder's report: repeated or late, it changes nothing, but is still answered with what is to be done now. */
  async report(command: ConversionCommand, causationId: string): Promise<void> {
    const executed = await this.execute(command, causationId);
    await this.reactions.discard(unneededBlobs(command, executed.state));
    await this.reactions.react(command.conversionId, executed, { again: executed.appended === 0 });
  }

  /** An event of the conversion was recorded: whatever is to be done now, is begun. */
  async wake(conversionId: string, revision: bigint): Promise<void> {
    await this.reactions.react(conversionId, await this.#system.look(conversionId, revision), { again: false });
  }

  /**
   * The same for one that nobody heard of for a while: everything outstanding is offered again. Its trace tells of that
   * once for each state that this process finds it in; a long conversion is woken hundreds of times.
   */
  async wakeAgain(conversionId: string): Promise<Woken> {
    const known = await this.#system.look(conversionId);
    const { revision, traceparent } = known;
    const isRepetition = revision === 'no-stream' || this.reactions.hasReacted(conversionId, revision);
    const react = () => this.reactions.react(conversionId, known, { again: true });
    if (isRepetition) await withoutSpans(traceparent, react);
    else await continueTrace(traceparent, 'wake conversion', react, { conversionId });
    return { ...known, isRepetition };
  }

  /** Another process owns these conversions from now on. */
  forget(isForgotten: (conversionId: string) => boolean): void {
    this.#system.forget(isForgotten);
  }
}
