import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '#testing';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

function gateOf(places: number, waiting: number) {
  const clock = new SimulatedClock();
  return { clock, gate: new Gate(clock, { places, waiting, longestWaitMilliseconds: 1_000 }) };
}

describe('a gate', () => {
  it('lets in as many as there are places', async () => {
    const { gate } = gateOf(2, 0);
    expect(await Promise.all([gate.enter(never), gate.enter(never), gate.enter(never)])).toEqual([
      expect.any(Function),
      expect.any(Function),
      null,
    ]);
    expect(gate.inside).toBe(2);
  });

  it('gives a place that is left to whoever waited longest', async () => {
    const { gate } = gateOf(1, 2);
    const leave = await gate.enter(never);
    const order: string[] = [];
    const first = gate.enter(never).then((entered) => {
      order.push('first');
      return entered;
    });
    const second = gate.enter(never).then(() => order.push('second'));
    expect(gate.waiting).toBe(2);
    leave?.();
    leave?.();
    (await first)?.();
    await second;
    expect(order).toEqual(['first', 'second']);
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
  });

  it('lets nobody wait too long', async () => {
    const { gate, clock } = gateOf(1, 1);
    await gate.enter(never);
    const waiting = gate.enter(never);
    await clock.advance(1_000);
    expect(await waiting).toBeNull();
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
  });

  it('forgets whoever gives up, and gives the place to the next', async () => {
    const { gate } = gateOf(1, 2);
    const leave = await gate.enter(never);
    const gone = new AbortController();
    const givesUp = gate.enter(gone.signal);
    const stays = gate.enter(never);
    gone.abort();
    expect(await givesUp).toBeNull();
    leave?.();
    expect(await stays).not.toBeNull();
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
    expect(await gate.enter(gone.signal)).toBeNull();
  });

  it('tells how long the way in takes, from how long the others stayed', async () => {
    const { gate, clock } = gateOf(1, 1);
    for (let times = 0; times < 50; times += 1) {
      const leave = await gate.enter(never);
      await clock.advance(4_000);
      leave?.();
    }
    await gate.enter(never);
    void gate.enter(never);
    expect(gate.delaySeconds).toBeCloseTo(8, 0);
  });
});
