/** Runs in the database thread. */
import type { DatabaseSync } from 'node:sqlite';
import type { Answer, Call, Operation, Operations } from './protocol.ts';
import { errorCodeOf, isUnsynced } from './result-codes.ts';

type Known = { readonly call: Call; readonly operation: Operation };

/**
 * Carries out a group of calls: the writes in one transaction, which costs one sync, then the reads, which see them.
 * Nobody is told of a success before the commit. A call that fails is undone alone.
 *
 * @throws when the commit could not be synced: what is on the disk is unknown, and the thread must end
 */
export function groupRunner(database: DatabaseSync, operations: Operations) {
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => database.prepare(sql));
  const [mark, keep, undo] = ['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one'].map((sql) => database.prepare(sql));

  function attempt({ call, operation }: Known): Answer {
    try {
      return { ok: true, output: operation.run(call.input as never) };
    } catch (error) {
      return failed(error);
    }
  }

  function attemptUndoably(known: Known): Answer {
    mark?.run();
    const answer = attempt(known);
    // A full disk may have undone the whole transaction already, and with it the calls before this one.
    if (!database.isTransaction) throw new TransactionLost(answer);
    if (!answer.ok) undo?.run();
    keep?.run();
    return answer;
  }

  function transact(writes: readonly Known[]): readonly Answer[] {
    begin?.run();
    try {
      const answers = writes.map(attemptUndoably);
      commit?.run();
      return answers;
    } catch (error) {
      if (database.isTransaction) rollback?.run();
      if (isUnsynced(errorCodeOf(error) ?? 0)) throw error;
      if (writes.length === 1) return [failed(error)];
      // What has room on its own is not refused because another had none.
      return writes.flatMap((write) => transact([write]));
    }
  }

  function write(writes: readonly Known[]): readonly Answer[] {
    if (writes.length === 0) return [];
    try {
      return transact(writes);
    } catch (error) {
      if (isUnsynced(errorCodeOf(error) ?? 0)) throw error;
      return writes.map(() => failed(error));
    }
  }

  return (calls: readonly Call[]): readonly Answer[] => {
    const answers = calls.map(({ operation }): Answer => failed(new Error(`there is no operation ${operation}`)));
    const known = calls.flatMap((call, index) => {
      const operation = operations[call.operation];
      return operation === undefined ? [] : [{ call, operation, index }];
    });
    const writes = known.filter(({ operation }) => operation.writes);
    for (const [place, answer] of write(writes).entries()) {
      const index = writes[place]?.index;
      if (index !== undefined) answers[index] = answer;
    }
    for (const read of known) if (!read.operation.writes) answers[read.index] = attempt(read);
    return answers;
  };
}

class TransactionLost extends Error {
  readonly errcode: number | null;
  constructor(answer: Answer) {
    super(answer.ok ? 'the transaction was undone' : answer.message);
    this.errcode = answer.ok ? null : answer.errorCode;
  }
}

function failed(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, message, errorCode: errorCodeOf(error) };
}
