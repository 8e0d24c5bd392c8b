import { randomUUID } from 'node:crypto';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '#clock';
import { Config } from '#config';
import { conversionIdForKey, deriveId, fingerprint, type JsonObject, type Priority, type Settings } from '#contracts';
import { Documents, Taken } from '#documents';
import { EventStore } from '#event-store';
import { Problem } from '#http';
import { privateFields, privateFieldsId } from '#projections';
import { ConversionActors } from './conversion-actors.ts';
import { findUpload } from './find-upload.ts';

export interface ConversionOrder {
  readonly userId: string;
  readonly uploadId: string;
  readonly settings: Settings;
  readonly priority: Priority;
  /** The client's own key-value pairs: private, so they never go into an event. */
  readonly metadata: JsonObject | null;
  readonly idempotencyKey: string | null;
}

export class RequestConversion {
  constructor(readonly order: ConversionOrder) {}
}

/** Accepts a conversion: resolved with its id means that it is durable. */
@CommandHandler(RequestConversion)
export class RequestConversionHandler implements ICommandHandler<RequestConversion, string> {
  constructor(
    private readonly actors: ConversionActors,
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async execute({ order }: RequestConversion): Promise<string> {
    const { userId, uploadId, settings, priority, metadata, idempotencyKey } = order;
    const conversionId = idempotencyKey === null ? randomUUID() : conversionIdForKey(userId, idempotencyKey);
    const requestHash = fingerprint({ uploadId, settings, priority, metadata });
    const upload = await findUpload(this.events, uploadId);
    if (upload === null || upload.userId !== userId || upload.isDeleted) {
      throw new Problem('not-found', `There is no upload ${uploadId}.`);
    }
    if (metadata !== null) await this.#keepPrivate(privateFieldsId(conversionId, requestHash), metadata);
    const at = this.clock.now();
    await this.actors.execute({
      type: 'RequestConversion',
      id: deriveId(conversionId, 'request', requestHash),
      conversionId,
      at: at.toISOString(),
      data: {
        ...{ userId, uploadId, source: upload.blob, settings, priority, requestHash },
        deadline: new Date(at.getTime() + this.config.conversionDeadlineSeconds * 1_000).toISOString(),
      },
    });
    return conversionId;
  }

  /** Before the event that refers to them. A repeated request finds them there, and must not change them. */
  async #keepPrivate(id: string, metadata: JsonObject): Promise<void> {
    try {
      await this.documents.insert(privateFields, id, { metadata });
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
    }
  }
}
