import { Injectable } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf, Problem } from '#http';

/** Wrong logins for one account from one address, and from one address for any account; new accounts from one address. */
const limits = {
  account: { points: 10, duration: 15 * 60 },
  address: { points: 200, duration: 15 * 60 },
  registration: { points: 200, duration: 60 * 60 },
} as const;

/** Only failures count against a login, so that many users behind one address do not lock one another out. */
@Injectable()
export class LoginLimits {
  readonly #account = new RateLimiterMemory({ keyPrefix: 'account', ...limits.account });
  readonly #address = new RateLimiterMemory({ keyPrefix: 'address', ...limits.address });
  readonly #registration = new RateLimiterMemory({ keyPrefix: 'registration', ...limits.registration });

  /** @throws Problem `rate-limited` */
  async beforeLogin(address: string, email: string): Promise<void> {
    await refuseIfUsedUp(this.#account, accountKey(address, email));
    await refuseIfUsedUp(this.#address, networkOf(address));
  }

  async afterFailure(address: string, email: string): Promise<void> {
    await this.#account.penalty(accountKey(address, email));
    await this.#address.penalty(networkOf(address));
  }

  /** @throws Problem `rate-limited` */
  async beforeRegistration(address: string): Promise<void> {
    try {
      await this.#registration.consume(networkOf(address));
    } catch (error) {
      if (error instanceof RateLimiterRes)
        throw rateLimited('Too many accounts were made from this address.', error.msBeforeNext);
      throw error;
    }
  }
}

function accountKey(address: string, email: string): string {
  return `${networkOf(address)} ${email.trim().toLowerCase()}`;
}

async function refuseIfUsedUp(limiter: RateLimiterAbstract, key: string): Promise<void> {
  const used = await limiter.get(key);
  if (used !== null && used.consumedPoints >= limiter.points)
    throw rateLimited('Too many wrong passwords came from this address.', used.msBeforeNext);
}

function rateLimited(why: string, milliseconds: number): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return new Problem('rate-limited', `${why} Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
}
