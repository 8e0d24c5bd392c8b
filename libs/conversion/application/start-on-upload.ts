import { Clock } from '#clock';
import { Config } from '#config';
import { deriveId, fingerprint, uploadEventSchemas } from '#contracts';
import { Injectable } from '@nestjs/common';
import { ConversionActors } from './conversion-actors.ts';

/** An upload that was sent with `convert` starts its conversion by itself. */
@Injectable()
export class StartOnUpload {
  constructor(
    private readonly actors: ConversionActors,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async handle(uploadId: string, data: unknown, eventId: string): Promise<void> {
    const { userId, blob, convert } = uploadEventSchemas.UploadCompleted.parse(data);
    if (convert === undefined) return;
    const { conversionId, settings } = convert;
    const at = this.clock.now();
    const priority = 'normal';
    const requestHash = fingerprint({ uploadId, settings, priority, metadata: null });
    await this.actors.execute(
      {
        type: 'RequestConversion',
        id: deriveId(conversionId, 'request', requestHash),
        conversionId,
        at: at.toISOString(),
        data: {
          ...{ userId, uploadId, source: blob, settings, priority, requestHash },
          deadline: new Date(at.getTime() + this.config.conversionDeadlineSeconds * 1_000).toISOString(),
        },
      },
      eventId,
    );
  }
}
