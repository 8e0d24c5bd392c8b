import { describe, expect, it } from 'vitest';
import { type EventMetadata, readConversionEvent } from '#contracts';
import { type ConversionView, evolveView } from '#projections';
import { evolve } from '../domain/evolve.ts';
import { absent } from '../domain/state.ts';
import v1 from './v1.json' with { type: 'json' };

interface Golden {
  readonly events: readonly { readonly type: string; readonly data: unknown; readonly metadata: EventMetadata }[];
  readonly ends: Readonly<Record<string, unknown>>;
}

const id = '00000000-0000-4000-8000-000000000001';

/** Streams as earlier versions wrote them. They are never changed: what is in somebody's log cannot be, either. */
const versions: Readonly<Record<string, Readonly<Record<string, Golden>>>> = { v1 };

for (const [version, streams] of Object.entries(versions)) {
  describe(`streams of ${version}`, () => {
    it.each(Object.entries(streams))('%s is still understood', (_name, { events, ends }) => {
      const read = events.map((event, revision) =>
        readConversionEvent({ stream: `conversion-${id}`, revision: BigInt(revision), ...event }),
      );
      expect(read.reduce(evolve, absent)).toMatchObject(ends);
      const view = read.reduce<ConversionView | null>(
        (before, event, revision) => evolveView(before, id, BigInt(revision), event),
        null,
      );
      expect(view).toMatchObject({ revision: BigInt(events.length - 1), deleted: ends.status === 'deleted' });
    });
  });
}

it('an event of a newer version is not guessed at', () => {
  const metadata = { at: '2026-01-01T00:00:00.000Z' };
  const recorded = { stream: `conversion-${id}`, revision: 7n, type: 'ConversionPaused', data: {}, metadata };
  expect(() => readConversionEvent(recorded)).toThrow(expect.objectContaining({ code: 'unknown-event-type' }));
});
