import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '#config';
import { Problem } from '../problems/problem.ts';
import { networkOf } from './network-of.ts';

const windowSeconds = 60;

interface Limit {
  readonly policy: 'address' | 'user';
  readonly limiter: RateLimiterMemory;
}

/**
 * How many requests a minute are answered, by address and by user, in this process. Each answer says what is left
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
@Injectable()
export class RequestLimits {
  readonly #address: Limit | null;
  readonly #user: Limit | null;

  constructor({ requestsPerMinutePerAddress, requestsPerMinutePerUser }: Config) {
    this.#address = limitOf('address', requestsPerMinutePerAddress);
    this.#user = limitOf('user', requestsPerMinutePerUser);
  }

  /** @throws Problem `rate-limited` */
  async countAddress(address: string, response: Response): Promise<void> {
    await count(this.#address, networkOf(address), response);
  }

  /** @throws Problem `rate-limited` */
  async countUser(userId: string, response: Response): Promise<void> {
    await count(this.#user, userId, response);
  }
}

/** Zero is no limit. */
function limitOf(policy: Limit['policy'], points: number): Limit | null {
  return points === 0
    ? null
    : { policy, limiter: new RateLimiterMemory({ keyPrefix: policy, points, duration: windowSeconds }) };
}

async function count(limit: Limit | null, key: string, response: Response): Promise<void> {
  if (limit === null) return;
  const { policy, limiter } = limit;
  response.append('RateLimit-Policy', `"${policy}";q=${limiter.points};w=${windowSeconds}`);
  try {
    const used = await limiter.consume(key);
    response.append('RateLimit', `"${policy}";r=${used.remainingPoints};t=${secondsOf(used)}`);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterSeconds = secondsOf(error);
    response.append('RateLimit', `"${policy}";r=0;t=${retryAfterSeconds}`);
    const detail = `This ${policy} has sent ${limiter.points} requests within a minute. Try again in ${retryAfterSeconds} seconds.`;
    throw new Problem('rate-limited', detail, { retryAfterSeconds });
  }
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000));
}
