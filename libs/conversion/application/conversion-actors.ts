import { Injectable } from '@nestjs/common';
import { ActorSystem, type Cause, type Decider, type Executed, type Known } from '#actors';
import { type ConversionCommand, type ConversionEvent, readConversionEvent } from '#contracts';
import { EventStore } from '#event-store';
import { currentTraceparent } from '#telemetry';
import { decide } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import { absent, type ConversionState } from '../domain/state.ts';
import { unneededBlobs } from '../domain/unneeded-blobs.ts';
import { Reactions } from './reactions.ts';

const category = 'conversion';

const decider: Decider<ConversionCommand, ConversionEvent, ConversionState> = {
  category,
  initial: absent,
  decide,
  evolve,
  read: ({ type, data, metadata }) => readConversionEvent({ stream: category, revision: -1n, type, data, metadata }),
};

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
  execute(command: ConversionCommand, causationId?: string): Promise<Executed<ConversionState>> {
    const traceparent = currentTraceparent();
    const cause: Cause = {
      ...(causationId === undefined ? {} : { causationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    return this.#system.execute(command.conversionId, command, cause);
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

  /** The same for one that nobody heard of for a while: everything outstanding is offered again. */
  async wakeAgain(conversionId: string): Promise<Known<ConversionState>> {
    const known = await this.#system.look(conversionId);
    await this.reactions.react(conversionId, known, { again: true });
    return known;
  }

  /** Another process owns these conversions from now on. */
  forget(isForgotten: (conversionId: string) => boolean): void {
    this.#system.forget(isForgotten);
  }
}
