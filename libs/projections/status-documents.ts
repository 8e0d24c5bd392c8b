import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#contracts';
import { Documents } from '#documents';
import type { ConversionView } from './conversion-view.ts';
import { LatestProgress } from './latest-progress.ts';
import { privateFields, privateFieldsId } from './private-fields.ts';
import { type StatusDocument, toStatusDocument } from './status-document.ts';

/** What clients see of a conversion: its view, with the progress of late and what only its owner knows of it. */
@Injectable()
export class StatusDocuments {
  constructor(
    private readonly documents: Documents,
    private readonly progress: LatestProgress,
  ) {}

  async of(view: ConversionView): Promise<StatusDocument> {
    return this.withMetadata(view, await this.metadataOf(view));
  }

  /** The client's own key-value pairs. They never change, but go when the conversion is deleted. */
  async metadataOf({ id, requestHash }: ConversionView): Promise<JsonObject | null> {
    return (await this.documents.get(privateFields, privateFieldsId(id, requestHash)))?.document.metadata ?? null;
  }

  /** For whoever has the metadata at hand. */
  withMetadata(view: ConversionView, metadata: JsonObject | null): StatusDocument {
    return toStatusDocument(view, this.progress.of(view.id), metadata);
  }
}
