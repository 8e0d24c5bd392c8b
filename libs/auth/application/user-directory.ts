import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { accountQuotas, Id, Quota } from '#contracts';
import { Documents, type Versioned } from '#documents';
import { type Paged, Problem } from '#http';
import { Account, Accounts } from './accounts.ts';
import { Admins } from './admins.ts';
import { keepRecord } from './keep-record.ts';
import { Standings } from './standings.ts';
import { type User, users } from './users.ts';

export const UserDocument = Account.extend({
  admin: z.boolean(),
  disabled: z.boolean(),
  quota: Quota.describe('What differs from the service’s configuration; null is no limit'),
});
export type UserDocument = z.infer<typeof UserDocument>;

export const UserChange = z.strictObject({
  disabled: z.boolean().optional(),
  quota: Quota.optional().describe('In place of the quota that the user has'),
});
export type UserChange = z.infer<typeof UserChange>;

export interface UserQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Only the user with this address. */
  readonly email: string | undefined;
}

/** All users, for administrators. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly documents: Documents,
    private readonly accounts: Accounts,
    private readonly standings: Standings,
    private readonly admins: Admins,
  ) {}

  /** Newest first. */
  async list({ limit, cursor, email }: UserQuery): Promise<Paged<UserDocument>> {
    const where =
      email === undefined ? ({ index: 'byAge', order: 'descending' } as const) : { index: 'byEmail', equals: [email] };
    const page = await this.documents.page(users, { ...where, limit, ...(cursor === undefined ? {} : { cursor }) });
    return { items: await Promise.all(page.items.map((user) => this.#toDocument(user))), next: page.next };
  }

  /** @throws Problem `not-found` */
  async get(id: string): Promise<UserDocument> {
    return this.#toDocument(await this.#find(id));
  }

  /** @throws Problem `not-found` | `last-admin` */
  async change(id: string, { disabled, quota }: UserChange): Promise<UserDocument> {
    const user = await this.#find(id);
    if (quota !== undefined) await keepRecord(this.documents, accountQuotas, user.id, quota);
    if (disabled === false) await this.standings.become(user.id, 'active');
    if (disabled === true) await this.admins.disable(user);
    return this.get(id);
  }

  async #find(id: string): Promise<Versioned<User>> {
    const user = Id.safeParse(id).success ? await this.accounts.find(id.toLowerCase()) : null;
    if (user === null) throw new Problem('not-found', 'There is no user with this id.');
    return user;
  }

  async #toDocument({ id, document: { email, createdAt, isAdmin } }: Versioned<User>): Promise<UserDocument> {
    const quota = (await this.documents.get(accountQuotas, id))?.document ?? {};
    const disabled = (await this.standings.of(id)) !== 'active';
    return { id, email, createdAt, admin: isAdmin === true, disabled, quota };
  }
}
