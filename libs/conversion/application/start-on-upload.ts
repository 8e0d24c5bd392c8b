import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { Config } from '#config';
import {
  type ConversionCommand,
  deriveId,
  fingerprint,
  readUploadEvent,
  uploadConversions,
  uploadEventSchemas,
  uploadStream,
} from '#contracts';
import { Documents } from '#documents';
import { EventStore } from '#event-store';
import { continueTrace } from '#telemetry';
import { ConversionActors } from './conversion-actors.ts';

/** An upload that was sent with `convert` starts its conversion by itself. */
@Injectable()
export class StartOnUpload {
  constructor(
    private readonly actors: ConversionActors,
    private readonly events: EventStore,
    private readonly documents: Documents,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** The relay brought word of the upload. Harmless to repeat. */
  async handle(uploadId: string, data: unknown, eventId: string): Promise<void> {
    const { userId, blob, convert } = uploadEventSchemas.UploadCompleted.parse(data);
    if (convert === undefined) return;
    const { conversionId, settings } = convert;
    const at = this.clock.now();
    const priority = 'normal';
    const requestHash = fingerprint({ uploadId, settings, priority, metadata: null });
    const command: ConversionCommand = {
      type: 'RequestConversion',
      id: deriveId(conversionId, 'request', requestHash),
      conversionId,
      at: at.toISOString(),
      data: {
        ...{ userId, uploadId, source: blob, settings, priority, requestHash },
        deadline: new Date(at.getTime() + this.config.conversionDeadlineSeconds * 1_000).toISOString(),
      },
    };
    await this.actors.execute(command, eventId);
  }

  /**
   * Somebody asks for the conversion before the relay has brought word of its upload: it begins now, in the trace of the
   * upload and not of whoever asks.
   * @returns false when no complete upload starts a conversion of this id
   */
  async beginEarly(conversionId: string): Promise<boolean> {
    const origin = await this.documents.get(uploadConversions, conversionId);
    if (origin === null) return false;
    const { uploadId } = origin.document;
    for await (const recorded of this.events.read(uploadStream(uploadId))) {
      const event = readUploadEvent(recorded);
      if (event.type !== 'UploadCompleted' || event.data.convert?.conversionId !== conversionId) continue;
      const begin = () => this.handle(uploadId, event.data, recorded.id);
      await continueTrace(recorded.metadata.traceparent, 'begin conversion early', begin, { conversionId });
      return true;
    }
    return false;
  }
}
