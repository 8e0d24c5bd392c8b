import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { accountStates } from '#contracts';
import { SqliteDocuments } from '#documents/sqlite';
import { SimulatedClock } from '#testing';
import { RecentRecords } from './recent-records.ts';

let documents: SqliteDocuments;
let clock: SimulatedClock;
let records: RecentRecords;
beforeAll(async () => {
  documents = await SqliteDocuments.open(':memory:');
});
afterAll(() => documents.close());
beforeEach(() => {
  clock = new SimulatedClock();
  records = new RecentRecords(documents, clock);
  vi.restoreAllMocks();
});

it('reads a record once in two seconds, however many ask, and then anew', async () => {
  const read = vi.spyOn(documents, 'get');
  const ask = () => Promise.all(Array.from({ length: 50 }, () => records.get(accountStates, 'one')));
  expect(new Set(await ask())).toEqual(new Set([null]));
  await documents.insert(accountStates, 'one', { status: 'disabled' });
  await clock.advance(1_999);
  expect(new Set(await ask())).toEqual(new Set([null]));
  expect(read).toHaveBeenCalledTimes(1);
  await clock.advance(1);
  expect(await records.get(accountStates, 'one')).toEqual({ status: 'disabled' });
  expect(read).toHaveBeenCalledTimes(2);
});

it('does not remember that a read failed', async () => {
  const read = vi.spyOn(documents, 'get').mockRejectedValueOnce(new Error('away'));
  await expect(records.get(accountStates, 'two')).rejects.toThrow('away');
  expect(await records.get(accountStates, 'two')).toBeNull();
  expect(read).toHaveBeenCalledTimes(2);
});

it('forgets the oldest of very many', async () => {
  const read = vi.spyOn(documents, 'get').mockResolvedValue(null);
  for (let count = 0; count <= RecentRecords.most; count += 1) await records.get(accountStates, String(count));
  read.mockClear();
  await records.get(accountStates, '1');
  expect(read).not.toHaveBeenCalled();
  await records.get(accountStates, '0');
  expect(read).toHaveBeenCalledTimes(1);
});
