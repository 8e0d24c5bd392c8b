import { Injectable } from '@nestjs/common';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { type ConversionView, viewConversion } from '#projections';
import { StartOnUpload } from './start-on-upload.ts';

/** Conversions as their owners see them: read from the log itself, so that what was accepted is there at once. */
@Injectable()
export class OwnedConversions {
  constructor(
    private readonly events: EventStore,
    private readonly startOnUpload: StartOnUpload,
  ) {}

  /** @throws Problem `not-found`: an unknown conversion, a deleted one and somebody else's look the same */
  async view(userId: string, conversionId: string): Promise<ConversionView> {
    const view = await this.find(userId, conversionId);
    if (view.deleted) throw absent(conversionId);
    return view;
  }

  /** Also one that its owner has deleted. @throws Problem `not-found` */
  async find(userId: string, conversionId: string): Promise<ConversionView> {
    const view = (await viewConversion(this.events, conversionId)) ?? (await this.#viewEarly(conversionId));
    if (view === null || view.userId !== userId) throw absent(conversionId);
    return view;
  }

  async #viewEarly(conversionId: string): Promise<ConversionView | null> {
    if (!(await this.startOnUpload.beginEarly(conversionId))) return null;
    return viewConversion(this.events, conversionId);
  }
}

function absent(conversionId: string): Problem {
  return new Problem('not-found', `There is no conversion ${conversionId}.`);
}
