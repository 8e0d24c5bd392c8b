import { Injectable } from '@nestjs/common';
import { Documents, type Versioned } from '#documents';
import { Problem } from '#http';
import { Standings } from './standings.ts';
import { type User, users } from './users.ts';

const pageSize = 100;

/** Sees to it that somebody is left who may administer the service. */
@Injectable()
export class Admins {
  constructor(
    private readonly documents: Documents,
    private readonly standings: Standings,
  ) {}

  /**
   * Looked at before, and once more after: of two administrators who disable each other at the same moment, both see
   * then that nobody would be left, and both take it back.
   * @throws Problem `last-admin`
   */
  async disable({ id, document }: Versioned<User>): Promise<void> {
    const isAdmin = document.isAdmin === true;
    if (isAdmin && !(await this.#isAnyActiveBut(id))) throw lastAdmin();
    await this.standings.become(id, 'disabled');
    if (!isAdmin || (await this.#isAnyActiveBut(id))) return;
    await this.standings.become(id, 'active');
    throw lastAdmin();
  }

  async #isAnyActiveBut(id: string): Promise<boolean> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof this.page>> = await this.page(cursor);
      for (const admin of page.items) {
        if (admin.id !== id && (await this.standings.of(admin.id)) === 'active') return true;
      }
      cursor = page.next;
    } while (cursor !== null);
    return false;
  }

  private page(cursor: string | null) {
    const query = { index: 'byAdmin', equals: [true], limit: pageSize };
    return this.documents.page(users, cursor === null ? query : { ...query, cursor });
  }
}

function lastAdmin(): Problem {
  return new Problem('last-admin');
}
