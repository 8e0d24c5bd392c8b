import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { acceptedConversions, accountQuotas, type Quota } from '#contracts';
import { SqliteDocuments } from '#documents/sqlite';
import { SqliteEventStore } from '#event-store/sqlite';
import { acceptedConversionsModel, ReadModels } from '#projections';
import { createLog } from '#telemetry';
import { SimulatedClock } from '#testing';
import { Quotas } from './quotas.ts';

const unlimited = { uploadBytes: null, conversionsPerDay: null, conversionsAtOnce: null };
let events: SqliteEventStore;
let documents: SqliteDocuments;
let clock: SimulatedClock;
let userId: string;
beforeAll(async () => {
  events = await SqliteEventStore.open(':memory:');
  documents = await SqliteDocuments.open(':memory:');
});
afterAll(async () => {
  await documents.close();
  await events.close();
});
beforeEach(() => {
  clock = new SimulatedClock('2026-01-01T12:00:00.000Z');
  userId = randomUUID();
});

const readModels = () => new ReadModels(events, documents, clock, createLog('silent'));
const quotas = (environment: Readonly<Record<string, string>> = {}) =>
  new Quotas(documents, readModels(), loadConfig(environment), clock);
const give = (quota: Quota) => documents.insert(accountQuotas, userId, quota);
async function accept(isUnfinished = false): Promise<void> {
  const accepted = { userId, acceptedAt: clock.now().toISOString(), isUnfinished };
  const served = await readModels().of(acceptedConversionsModel);
  await served.project(acceptedConversions, randomUUID(), 0n, accepted);
}

describe('a quota', () => {
  it('is none unless somebody says so', async () => {
    expect(await quotas().of(userId)).toEqual(unlimited);
    for (let count = 0; count < 20; count += 1) await accept(true);
    await quotas().admitConversion(userId);
  });
  it('is the service’s where the user has none of its own', async () => {
    const environment = { UPLOAD_BYTES_PER_USER: '1 GiB', CONVERSIONS_AT_ONCE_PER_USER: '0' };
    expect(await quotas(environment).of(userId)).toEqual({
      ...unlimited,
      uploadBytes: 1024 ** 3,
      conversionsAtOnce: 0,
    });
    await give({ uploadBytes: null, conversionsAtOnce: 5 });
    expect(await quotas(environment).of(userId)).toEqual({ ...unlimited, conversionsAtOnce: 5 });
  });
});

describe('conversions within a day', () => {
  it('are admitted up to the quota, and again when the oldest is a day old', async () => {
    await give({ conversionsPerDay: 2 });
    await accept();
    await quotas().admitConversion(userId);
    await clock.advance(3_600_000);
    await accept();
    await clock.advance(1_000);
    await expect(quotas().admitConversion(userId)).rejects.toMatchObject({
      code: 'quota-exceeded',
      status: 403,
      headers: { 'Retry-After': String(23 * 3_600 - 1) },
      detail: expect.stringMatching(/At most 2 conversions .* 2026-01-02T12:00:00\.000Z/),
    });
    await clock.advance(23 * 3_600_000);
    await quotas().admitConversion(userId);
  });
  it('of none are none', async () => {
    await give({ conversionsPerDay: 0 });
    await expect(quotas().admitConversion(userId)).rejects.toMatchObject({ code: 'quota-exceeded' });
  });
});

describe('conversions at once', () => {
  it('are admitted while fewer are unfinished, of whatever age', async () => {
    await give({ conversionsAtOnce: 2 });
    for (let count = 0; count < 5; count += 1) await accept();
    await accept(true);
    await quotas().admitConversion(userId);
    await clock.advance(48 * 3_600_000);
    await accept(true);
    await expect(quotas().admitConversion(userId)).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: expect.stringContaining('At most 2 conversions'),
    });
  });
});
