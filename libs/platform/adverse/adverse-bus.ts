import type { Clock } from '#clock';
import { Bus, type Handler, type Message, type SubscribeOptions, type Subscription } from '#messaging';
import type { Chance } from './chance.ts';

export interface BusAdversity {
  /** Topics whose messages may be lost, because something else repeats them. */
  readonly droppable: readonly string[];
  /** How often each thing goes wrong, from 0 to 1. */
  readonly share: number;
}

/** A bus that does everything that the port allows: loses what may be lost, delivers twice, fails, revokes. */
export class AdverseBus extends Bus {
  constructor(
    private readonly bus: Bus,
    private readonly chance: Chance,
    private readonly adversity: BusAdversity,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async publish(messages: readonly Message[]): Promise<void> {
    const { droppable, share } = this.adversity;
    const sent = messages.flatMap((message) => {
      if (droppable.includes(message.topic) && this.chance.hits(share)) return [];
      return this.chance.hits(share) ? [message, message] : [message];
    });
    await this.bus.publish(sent);
  }

  override subscribe(options: SubscribeOptions, handle: Handler): Promise<Subscription> {
    const { share } = this.adversity;
    return this.bus.subscribe(options, async (message, delivery) => {
      if (this.chance.hits(share)) options.onRevoked?.(() => true);
      if (this.chance.hits(share)) throw new AdverseFailure('before the handler');
      if (this.chance.hits(share)) await this.clock.sleep(this.chance.below(500), delivery.signal);
      await handle(message, delivery);
      if (this.chance.hits(share)) await handle(message, delivery);
      if (this.chance.hits(share)) throw new AdverseFailure('after the handler');
    });
  }
}

export class AdverseFailure extends Error {
  readonly code = 'adverse-failure';
  constructor(when: string) {
    super(`made to fail ${when}`);
    this.name = 'AdverseFailure';
  }
}
