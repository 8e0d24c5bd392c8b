import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Problem } from '#http';
import { Appointments } from './appointments.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const memoryKiB = 19_456;
const passes = 2;
const lanes = 1;
const saltBytes = 16;
const tagBytes = 32;
const hashesAtOnce = 2;
const hashesWaiting = 50;

const derive = promisify(argon2);
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * Password hashes. Each costs 19 MiB and some 40 ms, so two are made at once and fifty wait; whoever comes then is
 * told to come back: a thousand logins at once cost the memory of two.
 */
@Injectable()
export class Passwords {
  readonly #queue = new BoundedQueue(hashesAtOnce, hashesWaiting);
  readonly #appointments = new Appointments(hashesAtOnce);
  /** What the password of nobody is compared with, so that nobody takes as long as somebody. */
  readonly #nobody = phcOf(randomBytes(saltBytes), randomBytes(tagBytes));

  /** @returns a PHC string @throws Problem `busy` */
  hash(password: string): Promise<string> {
    return this.#queued(async () => {
      const salt = randomBytes(saltBytes);
      return phcOf(salt, await tagOf(password, salt, { memory: memoryKiB, passes, parallelism: lanes }));
    });
  }

  /** @param stored null for a user that does not exist: it takes the same time and is never right */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const [, memory, times, parallelism, salt, tag] = phc.exec(stored ?? this.#nobody) ?? [];
    if (salt === undefined || tag === undefined) {
      throw new Error('a stored password hash is not of the form that is written');
    }
    const cost = { memory: Number(memory), passes: Number(times), parallelism: Number(parallelism) };
    const computed = await this.#queued(() => tagOf(password, Buffer.from(salt, 'base64'), cost));
    return timingSafeEqual(computed, Buffer.from(tag, 'base64')) && stored !== null;
  }

  async #queued<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.run(async () => {
      const begun = performance.now();
      const done = await work();
      this.#appointments.observe(performance.now() - begun);
      return done;
    });
    if (result !== null) return result;
    const retryAfterSeconds = this.#appointments.next(performance.now());
    throw new Problem('busy', 'Too many logins at once.', { retryAfterSeconds });
  }
}

function tagOf(
  password: string,
  nonce: Buffer,
  cost: { readonly memory: number; readonly passes: number; readonly parallelism: number },
): Promise<Buffer> {
  return derive('argon2id', { message: password, nonce, tagLength: tagBytes, ...cost });
}

function phcOf(salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${encode(salt)}$${encode(tag)}`;
}

/** As the PHC format wants it: base64 without padding. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
