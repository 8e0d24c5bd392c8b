import type { Member, Parcel } from './member.ts';
import { Mutex } from './mutex.ts';

/** As many as a topic of Kafka usually has: keys are shared out by these, not one by one. */
const partitions = 16;

/** The members of a consumer group: each message goes to the one that has its key. */
export class Group {
  readonly #members: Member[] = [];
  readonly #rebalancing = new Mutex();
  /** Parcels for which there is no member, or not now. In the order in which they came. */
  #held: Parcel[] = [];
  /** Given back while members change: these are older than the held ones. */
  #returned: Parcel[] = [];
  #isMoving = false;

  get hasMembers(): boolean {
    return this.#members.length > 0;
  }

  take(parcel: Parcel): void {
    if (this.#isMoving || !this.hasMembers) this.#held.push(parcel);
    else this.#memberFor(parcel.message.key)?.take(parcel);
  }

  giveBack(parcel: Parcel): void {
    this.#returned.push(parcel);
  }

  async join(member: Member): Promise<void> {
    await this.#rebalance(0, () => this.#members.push(member));
  }

  async leave(member: Member, graceMs: number): Promise<void> {
    await this.#rebalance(graceMs, () => this.#members.splice(this.#members.indexOf(member), 1), member);
  }

  /** Everybody puts down what they have not begun, the keys are shared out anew, and it goes on. */
  #rebalance(graceMs: number, change: () => void, leaving?: Member): Promise<void> {
    return this.#rebalancing.run(async () => {
      this.#isMoving = true;
      await Promise.all(this.#members.map((member) => member.recall(member === leaving ? graceMs : 1_000)));
      const before = new Map(this.#members.map((member) => [member, this.#ownedBy(member)]));
      change();
      for (const [member, owned] of before) {
        if (member === leaving) continue;
        const now = this.#ownedBy(member);
        member.options.onRevoked?.((key) => owned(key) && !now(key));
      }
      const parcels = [...this.#returned, ...this.#held];
      this.#returned = [];
      this.#held = [];
      this.#isMoving = false;
      for (const parcel of parcels) this.take(parcel);
    });
  }

  #ownedBy(member: Member): (key: string) => boolean {
    const members = [...this.#members];
    return (key) => members[partitionOf(key) % members.length] === member;
  }

  #memberFor(key: string): Member | undefined {
    return this.#members[partitionOf(key) % this.#members.length];
  }
}

function partitionOf(key: string): number {
  let hash = 0;
  for (const character of key) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % partitions;
}
