import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import { acceptedConversions, accountQuotas, type Quota } from '#contracts';
import { Documents } from '#documents';
import { acceptedConversionsModel, ReadModels } from '#projections';
import { Problem } from '../problems/problem.ts';

const dayMilliseconds = 86_400_000;

/** Null is without limit. */
type Limits = { readonly [Limit in keyof Quota]-?: number | null };

/**
 * How much users may have and do. What they have is what the read models say, looked at without a lock: what begins at
 * the same moment may together go a little over. Whoever has no limit costs one read.
 */
@Injectable()
export class Quotas {
  constructor(
    private readonly documents: Documents,
    private readonly readModels: ReadModels,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The user's own, and for what it does not say the service's. */
  async of(userId: string): Promise<Limits> {
    const own = (await this.documents.get(accountQuotas, userId))?.document;
    const { uploadBytesPerUser, conversionsPerDayPerUser, conversionsAtOncePerUser } = this.config;
    return {
      uploadBytes: chosen(own?.uploadBytes, uploadBytesPerUser),
      conversionsPerDay: chosen(own?.conversionsPerDay, conversionsPerDayPerUser),
      conversionsAtOnce: chosen(own?.conversionsAtOnce, conversionsAtOncePerUser),
    };
  }

  /** @throws Problem `quota-exceeded` */
  async admitConversion(userId: string): Promise<void> {
    const { conversionsPerDay, conversionsAtOnce } = await this.of(userId);
    if (conversionsAtOnce !== null) await this.#admitOneMoreAtOnce(userId, conversionsAtOnce);
    if (conversionsPerDay !== null) await this.#admitOneMoreToday(userId, conversionsPerDay);
  }

  async #admitOneMoreAtOnce(userId: string, most: number): Promise<void> {
    const accepted = await this.readModels.of(acceptedConversionsModel);
    const query = { index: 'byProgress', equals: [userId, true], limit: most + 1 };
    if ((await accepted.count(acceptedConversions, query)) < most) return;
    throw new Problem(
      'quota-exceeded',
      `At most ${most} conversions may be unfinished at once. Wait until one has ended.`,
    );
  }

  async #admitOneMoreToday(userId: string, most: number): Promise<void> {
    const now = this.clock.now().getTime();
    const lastDay = { index: 'byTime', equals: [userId], from: new Date(now - dayMilliseconds).toISOString() };
    const accepted = await this.readModels.of(acceptedConversionsModel);
    if ((await accepted.count(acceptedConversions, { ...lastDay, limit: most + 1 })) < most) return;
    const { items } = await accepted.page(acceptedConversions, { ...lastDay, limit: 1 });
    const oldest = items[0]?.document.acceptedAt;
    const again = oldest === undefined ? now + dayMilliseconds : Date.parse(oldest) + dayMilliseconds;
    throw new Problem(
      'quota-exceeded',
      `At most ${most} conversions are accepted within 24 hours. The next one: not before ${new Date(again).toISOString()}.`,
      { retryAfterSeconds: Math.max(1, Math.ceil((again - now) / 1_000)) },
    );
  }
}

/** Null is no limit, undefined leaves it to the service, where undefined is no limit. */
function chosen(own: number | null | undefined, service: number | undefined): number | null {
  return own === undefined ? (service ?? null) : own;
}
