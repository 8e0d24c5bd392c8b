import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#contracts';
import { Documents } from '#documents';
import { LatestProgress } from './latest-progress.ts';
import { metadataOf } from './private-fields.ts';
import { type Shown, type StatusDocument, toStatusDocument } from './status-document.ts';

/** Of a view or of a list's row. */
type Described = Shown & { readonly requestHash: string };

/** What clients see of a conversion: its view, with the progress of late and what only its owner knows of it. */
@Injectable()
export class StatusDocuments {
  constructor(
    private readonly documents: Documents,
    private readonly progress: LatestProgress,
  ) {}

  async of(view: Described): Promise<StatusDocument> {
    return this.withMetadata(view, await this.metadataOf(view));
  }

  /** The client's own key-value pairs. They never change, but go when the conversion is deleted. */
  metadataOf(view: Described): Promise<JsonObject | null> {
    return metadataOf(this.documents, view);
  }

  /** For whoever has the metadata at hand. */
  withMetadata(view: Shown, metadata: JsonObject | null): StatusDocument {
    return toStatusDocument(view, this.progress.of(view.id), metadata);
  }
}
