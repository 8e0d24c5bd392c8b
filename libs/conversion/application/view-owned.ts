import type { EventStore } from '#event-store';
import { Problem } from '#http';
import { type ConversionView, viewConversion } from '#projections';

/** @throws Problem `not-found`: an unknown conversion, a deleted one and somebody else's look the same */
export async function viewOwned(events: EventStore, userId: string, conversionId: string): Promise<ConversionView> {
  const view = await viewConversion(events, conversionId);
  if (view === null || view.userId !== userId || view.deleted) {
    throw new Problem('not-found', `There is no conversion ${conversionId}.`);
  }
  return view;
}
