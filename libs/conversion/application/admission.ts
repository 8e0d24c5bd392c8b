import { Injectable } from '@nestjs/common';
import type { BlobRef } from '#contracts';
import { EventStore } from '#event-store';
import { Problem, Quotas } from '#http';
import { type ConversionView, viewConversion } from '#projections';
import { findUpload } from './find-upload.ts';

/** What an order meets before it becomes a conversion. */
@Injectable()
export class Admission {
  constructor(
    private readonly events: EventStore,
    private readonly quotas: Quotas,
  ) {}

  /** A conversion that was accepted before under this id: a repetition is answered, whatever its user may do now. */
  acceptedBefore(conversionId: string): Promise<ConversionView | null> {
    return viewConversion(this.events, conversionId);
  }

  /**
   * @returns what is to be converted
   * @throws Problem `not-found` | `expired` its upload is not there; `quota-exceeded`
   */
  async admit(userId: string, uploadId: string): Promise<BlobRef> {
    const upload = await findUpload(this.events, uploadId);
    if (upload === null || upload.userId !== userId) throw new Problem('not-found', `There is no upload ${uploadId}.`);
    if (upload.isDeleted) throw new Problem('expired', `The upload ${uploadId} was deleted.`);
    await this.quotas.admitConversion(userId);
    return upload.blob;
  }
}
