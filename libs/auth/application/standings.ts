import { Injectable } from '@nestjs/common';
import { type AccountState, accountStates } from '#contracts';
import { Documents, Stale, Taken } from '#documents';

type Status = AccountState['status'];

/** Which accounts may do anything at all: written here, read at every edge. */
@Injectable()
export class Standings {
  constructor(private readonly documents: Documents) {}

  /** An account without a record is active. */
  async of(userId: string): Promise<Status> {
    return (await this.documents.get(accountStates, userId))?.document.status ?? 'active';
  }

  /** @returns what it is then: an erased account stays erased */
  async become(userId: string, status: Status): Promise<Status> {
    const stored = await this.documents.get(accountStates, userId);
    const now = stored?.document.status ?? 'active';
    if (now === status || now === 'erased') return now;
    try {
      if (stored === null) await this.documents.insert(accountStates, userId, { status });
      else await this.documents.replace(accountStates, userId, stored.version, { status });
      return status;
    } catch (error) {
      if (!(error instanceof Stale || error instanceof Taken)) throw error;
      return this.become(userId, status);
    }
  }
}
