import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '#clock';
import { Documents, Taken, type Versioned } from '#documents';
import { Problem } from '#http';
import type { Login, Registration } from './credentials.ts';
import { Passwords } from './passwords.ts';
import { type User, users } from './users.ts';

export const Account = z.object({ id: z.uuid(), email: z.email(), createdAt: z.iso.datetime() });
export type Account = z.infer<typeof Account>;

@Injectable()
export class Accounts {
  constructor(
    private readonly documents: Documents,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `email-taken` */
  async add({ email, password }: Registration, { isAdmin = false } = {}): Promise<Account> {
    const id = randomUUID();
    const createdAt = this.clock.now().toISOString();
    const passwordHash = await this.passwords.hash(password);
    const user: User = { email, passwordHash, createdAt, ...(isAdmin ? { isAdmin } : {}) };
    try {
      await this.documents.insert(users, id, user);
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      throw new Problem('email-taken', `There is an account for ${email} already.`);
    }
    return { id, email, createdAt };
  }

  /** The user; null when there is no such one or the password is wrong, which look and take the same. */
  async check({ email, password }: Login): Promise<Versioned<User> | null> {
    const normal = email.trim().toLowerCase();
    const page = await this.documents.page(users, { index: 'byEmail', equals: [normal], limit: 1 });
    const user = page.items[0] ?? null;
    const isRight = await this.passwords.matches(password, user?.document.passwordHash ?? null);
    return isRight ? user : null;
  }

  /** Null for a user that is gone. */
  find(id: string): Promise<Versioned<User> | null> {
    return this.documents.get(users, id);
  }

  /** @throws Problem `unauthenticated` for a token whose user is gone */
  async get(id: string): Promise<Account> {
    const { email, createdAt } = (await this.own(id)).document;
    return { id, email, createdAt };
  }

  /** The same with all that is kept of it. */
  async own(id: string): Promise<Versioned<User>> {
    const user = await this.find(id);
    if (user !== null) return user;
    throw new Problem('unauthenticated', 'The account of this token is gone.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
}
