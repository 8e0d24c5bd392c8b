import { Documents } from '#documents';
import { taskRows } from './task-row.ts';

/**
 * Fair share between users by start-time fair queueing (Goyal, Vin, Cheng 1996), a conversion being the unit: a
 * user's next conversion comes one turn after the one before, and never before the turn that is being served. So a
 * thousand conversions of one user do not keep another's first one waiting. All tasks of a conversion share its turn.
 */
export async function nextTurn(documents: Documents, userId: string, conversionId: string): Promise<number> {
  const own = await documents.page(taskRows, { index: 'byConversion', equals: [conversionId], limit: 1 });
  const same = own.items[0];
  if (same !== undefined) return same.document.turn;
  const last = await documents.page(taskRows, { index: 'byUser', equals: [userId], order: 'descending', limit: 1 });
  const afterOwn = (last.items[0]?.document.turn ?? -1) + 1;
  return Math.max(afterOwn, await servedTurn(documents));
}

async function servedTurn(documents: Documents): Promise<number> {
  const served = await documents.page(taskRows, {
    index: 'byTurn',
    equals: ['claimed'],
    order: 'descending',
    limit: 1,
  });
  const first =
    served.items[0] ?? (await documents.page(taskRows, { index: 'byTurn', equals: ['offered'], limit: 1 })).items[0];
  return first?.document.turn ?? 0;
}
