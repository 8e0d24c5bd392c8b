import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ConversionCommand, type ConversionEvent, terminalEventTypes } from '#contracts';
import { conversionId, decider, does, inspectTask, joinTask, planOf } from './conversion.fixture.ts';
import { CommandRefused } from './decide.ts';
import { isUnfinished } from './state.ts';
import { outstandingTasks, taskIds } from './tasks.ts';

const ranges = [
  { first: 0, count: 2 },
  { first: 2, count: 1 },
];
const plan = planOf(3, ranges);
const reports: readonly ConversionCommand[] = [
  does.start,
  does.inspected(plan),
  does.inspected(planOf(1)),
  ...ranges.flatMap((range) => [0, 1, 2].map((index) => does.segment(index, range))),
  does.output,
  ...[inspectTask, joinTask, ...ranges.map((range) => taskIds.encode(conversionId, range))].flatMap((task) =>
    [1, 2, 3].map((attempt) => does.fail(task, attempt)),
  ),
];
const anything = fc.constantFrom(
  ...reports,
  does.request(),
  does.request('other'),
  does.cancel,
  does.remove,
  does.expire,
);

/** What every owner appends to. */
class Log {
  readonly events: ConversionEvent[] = [];

  append(expected: number, events: readonly ConversionEvent[]): boolean {
    if (expected !== this.events.length) return false;
    this.events.push(...events);
    return true;
  }
}

/** Has its own, maybe old, idea of the stream, and goes by the rules of the actor system. */
class Owner {
  #state = decider.initial;
  #revision = 0;

  constructor(private readonly log: Log) {}

  handle(command: ConversionCommand): void {
    for (;;) {
      let events = this.#decide(command);
      if (events.length === 0) {
        this.#catchUp();
        events = this.#decide(command);
        if (events.length === 0) return;
      }
      if (this.log.append(this.#revision, events)) {
        this.#state = events.reduce(decider.evolve, this.#state);
        this.#revision += events.length;
        return;
      }
      this.#catchUp();
    }
  }

  #catchUp(): void {
    this.#state = this.log.events.reduce(decider.evolve, decider.initial);
    this.#revision = this.log.events.length;
  }

  #decide(command: ConversionCommand): readonly ConversionEvent[] {
    try {
      return decider.decide(command, this.#state);
    } catch (error) {
      if (error instanceof CommandRefused) return [];
      throw error;
    }
  }
}

it('has at most one end, whatever comes, in any order, any number of times, at two owners', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anything, fc.boolean()), { maxLength: 60 }), (steps) => {
      const log = new Log();
      const owners = [new Owner(log), new Owner(log)] as const;
      owners[0].handle(does.request());
      for (const [command, second] of steps) owners[second ? 1 : 0].handle(command);
      const ends = log.events.filter(({ type }) => (terminalEventTypes as readonly string[]).includes(type));
      expect(ends.length).toBeLessThanOrEqual(1);
      const state = log.events.reduce(decider.evolve, decider.initial);
      expect(ends.length).toBe(isUnfinished(state) ? 0 : 1);
    }),
    { numRuns: 2_000 },
  );
});

it('gets to its end by nothing but doing what is outstanding, wherever it was interrupted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...reports), fc.boolean()), { maxLength: 30 }), (steps) => {
      const log = new Log();
      const owners = [new Owner(log), new Owner(log)] as const;
      owners[0].handle(does.request());
      for (const [command, second] of steps) owners[second ? 1 : 0].handle(command);
      const recovering = new Owner(log);
      for (let round = 0; round < 10; round += 1) {
        const state = log.events.reduce(decider.evolve, decider.initial);
        for (const { work } of outstandingTasks(conversionId, state)) {
          if (work.kind === 'inspect') recovering.handle(does.inspected(plan));
          if (work.kind === 'join') recovering.handle(does.output);
          if (work.kind !== 'encode') continue;
          const { first, count } = work.range;
          for (let index = first; index < first + count; index += 1) recovering.handle(does.segment(index, work.range));
        }
      }
      const ends = log.events.filter(({ type }) => (terminalEventTypes as readonly string[]).includes(type));
      expect(ends).toHaveLength(1);
    }),
    { numRuns: 1_000 },
  );
});
