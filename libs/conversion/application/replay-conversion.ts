import { readConversionEvent } from '#contracts';
import type { Recorded } from '#event-store';
import { evolve } from '../domain/evolve.ts';
import { absent, type ConversionState } from '../domain/state.ts';

/** @throws ImpossibleHistory for one that no version of this program writes */
export function replayConversion(history: readonly Recorded[]): ConversionState {
  return history.map(readConversionEvent).reduce(evolve, absent);
}
