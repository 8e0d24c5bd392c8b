import { Injectable } from '@nestjs/common';
import { Documents, pagesOf, type Versioned } from '#documents';
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
    const all = { index: 'byAdmin', equals: [true], limit: pageSize };
    for await (const page of pagesOf(this.documents, users, all)) {
      for (const admin of page) {
        if (admin.id !== id && (await this.standings.of(admin.id)) === 'active') return true;
      }
    }
    return false;
  }
}

function lastAdmin(): Problem {
  return new Problem('last-admin');
}
