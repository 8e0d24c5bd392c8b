import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtSecret } from '#config';
import type { Position } from '#event-store';
import { Problem } from '#http';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Positions in the log as clients keep them: sealed, so that the store only ever sees what it gave, and nobody can read
 * from them how much goes on here. Every instance with the same secret can open them.
 */
@Injectable()
export class Cursors {
  readonly #key: Buffer;

  constructor({ value }: JwtSecret) {
    this.#key = Buffer.from(hkdfSync('sha256', value, '', 'mixdown live cursor', 32));
  }

  seal(position: Position | null): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv);
    const sealed = Buffer.concat([cipher.update(position ?? '', 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @throws Problem `invalid-request` for what was not sealed here */
  open(cursor: string): Position | null {
    const bytes = Buffer.from(cursor, 'base64url');
    try {
      const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      const position = decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      return position === '' ? null : (position as Position);
    } catch (cause) {
      const errors = [{ pointer: '/after', detail: 'not a cursor of this service' }];
      throw new Problem('invalid-request', 'Subscribe without `after`, and list what is there.', { errors, cause });
    }
  }
}
