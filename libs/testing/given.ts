import { expect } from 'vitest';

interface Deciding<Command, Event, State> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** `given(decider, history).when(command).expect(events)`: a decision as a sentence. */
export function given<Command, Event, State>(decider: Deciding<Command, Event, State>, history: readonly Event[]) {
  const state = history.reduce((before, event) => decider.evolve(before, event), decider.initial);
  return {
    when: (command: Command) => ({
      expect: (events: readonly Event[]) => expect(decider.decide(command, state)).toEqual(events),
      expectNothing: () => expect(decider.decide(command, state)).toEqual([]),
      expectRefusal: (code: string) =>
        expect(() => decider.decide(command, state)).toThrow(expect.objectContaining({ code })),
    }),
  };
}
