import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import {
  type BlobRef,
  conversionIdForKey,
  deriveId,
  fingerprint,
  type JsonObject,
  type Priority,
  type Settings,
} from '#contracts';
import { Documents, removeDocument } from '#documents';
import { keepPrivateFields, privateFields, privateFieldsId } from '#projections';
import { CommandRefused } from '../domain/decide.ts';
import { Admission } from './admission.ts';
import { ConversionActors } from './conversion-actors.ts';

export interface ConversionOrder {
  readonly userId: string;
  readonly uploadId: string;
  readonly settings: Settings;
  readonly priority: Priority;
  /** The client's own key-value pairs: private, so they never go into an event. */
  readonly metadata: JsonObject | null;
  readonly idempotencyKey: string | null;
  /** The conversion that this one repeats. */
  readonly retryOf: string | null;
}

/** From an order to a conversion that is durable. */
@Injectable()
export class AcceptConversion {
  constructor(
    private readonly actors: ConversionActors,
    private readonly admission: Admission,
    private readonly documents: Documents,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * @returns the conversion's id
   * @throws Problem `not-found` | `expired` its upload is not there; `quota-exceeded`
   * @throws CommandRefused `idempotency-key-reused`
   */
  async accept(order: ConversionOrder): Promise<string> {
    const { userId, uploadId, idempotencyKey } = order;
    const conversionId = idempotencyKey === null ? randomUUID() : conversionIdForKey(userId, idempotencyKey);
    const requestHash = hashOf(order);
    const before = idempotencyKey === null ? null : await this.admission.acceptedBefore(conversionId);
    if (before !== null) {
      // Answered from the stream, for ever: also when the upload has gone since, or a quota is used up.
      if (before.requestHash !== requestHash) throw new CommandRefused('idempotency-key-reused');
      return conversionId;
    }
    const source = await this.admission.admit(userId, uploadId);
    if (order.metadata === null) await this.#request(conversionId, requestHash, source, order);
    else await this.#requestWithPrivateFields(conversionId, requestHash, source, order, order.metadata);
    return conversionId;
  }

  async #requestWithPrivateFields(
    conversionId: string,
    requestHash: string,
    source: BlobRef,
    order: ConversionOrder,
    metadata: JsonObject,
  ): Promise<void> {
    await keepPrivateFields(this.documents, requestHash, { userId: order.userId, conversionId, metadata });
    try {
      await this.#request(conversionId, requestHash, source, order);
    } catch (error) {
      // Another request has this key: nobody will ever ask for what this one told.
      if (error instanceof CommandRefused) {
        await removeDocument(this.documents, privateFields, privateFieldsId(conversionId, requestHash));
      }
      throw error;
    }
  }

  async #request(conversionId: string, requestHash: string, source: BlobRef, order: ConversionOrder): Promise<void> {
    const { userId, uploadId, settings, priority, retryOf } = order;
    const at = this.clock.now();
    await this.actors.execute({
      type: 'RequestConversion',
      id: deriveId(conversionId, 'request', requestHash),
      conversionId,
      at: at.toISOString(),
      data: {
        ...{ userId, uploadId, source, settings, priority, requestHash },
        deadline: new Date(at.getTime() + this.config.conversionDeadlineSeconds * 1_000).toISOString(),
        ...(retryOf === null ? {} : { retryOf }),
      },
    });
  }
}

/** A retry and a first request are never the same, also when they ask for the same. */
function hashOf({ uploadId, settings, priority, metadata, retryOf }: ConversionOrder): string {
  return fingerprint({ uploadId, settings, priority, metadata, ...(retryOf === null ? {} : { retryOf }) });
}
