import { Injectable } from '@nestjs/common';
import { ReadModels } from '#projections';
import { Metrics } from '#telemetry';
import { ConversionActors } from './conversion-actors.ts';
import { conversionList } from './conversion-list.ts';
import { conversionListModel } from './conversion-list-model.ts';

/** Beyond this many the exact number tells nobody anything new. */
const countUpTo = 10_000;
const states = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

@Injectable()
export class ConversionMetrics {
  constructor(metrics: Metrics, readModels: ReadModels, actors: ConversionActors) {
    metrics.gauge('mixdown_conversion_actors', 'Conversions whose actor is in memory', [], (gauge) => {
      gauge.set(actors.active);
    });
    metrics.gauge(
      'mixdown_conversions',
      `Conversions by state, counted up to ${countUpTo}`,
      ['state'],
      async (gauge) => {
        const documents = await readModels.of(conversionListModel);
        for (const state of states) {
          const count = await documents.count(conversionList, { index: 'byStatus', equals: [state], limit: countUpTo });
          gauge.set({ state }, count);
        }
      },
    );
  }
}
