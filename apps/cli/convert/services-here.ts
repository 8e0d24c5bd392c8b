import { randomUUID } from 'node:crypto';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Conversion } from '#client';
import type { Config } from '#config';
import type { Settings } from '#contracts';
import { ConversionModule, ConversionWatch } from '#conversion';
import { DeliveryModule, OpenOutput } from '#delivery';
import { EncoderIdentity, EncoderModule } from '#encoder';
import type { EncoderEngine } from '#encoder/engine';
import { HttpModule } from '#http';
import type { Platform } from '#platform';
import { createBusApp } from '#platform/nest';
import { type Log, nestLogger } from '#telemetry';
import { AdoptFile, UploadModule } from '#upload';

/** The services that a conversion passes through, without HTTP. */
class HereModule {
  static on({ module: ports, workFolder }: Platform, engine: Promise<EncoderEngine>): DynamicModule {
    const encoder = EncoderModule.for(new EncoderIdentity('here', workFolder), engine);
    return {
      module: HereModule,
      imports: [ports, HttpModule, UploadModule, ConversionModule, encoder, DeliveryModule],
    };
  }
}

/** The services in this process, as the one user that they have here meets them. */
export class ServicesHere implements AsyncDisposable {
  /** Whoever it is: there is nobody else. */
  readonly #userId = randomUUID();

  private constructor(private readonly app: INestMicroservice) {}

  /** @throws EngineUnusable */
  static async start(
    platform: Platform,
    engine: Promise<EncoderEngine>,
    config: Config,
    log: Log,
  ): Promise<ServicesHere> {
    const app = await createBusApp(HereModule.on(platform, engine), config, nestLogger(log));
    await app.listen();
    return new ServicesHere(app);
  }

  /** @returns the id of the conversion that the file's adoption has begun */
  async begin(path: string, settings: Settings, signal: AbortSignal): Promise<string> {
    const adopt = new AdoptFile(this.#userId, path, settings, signal);
    const { conversion } = await this.app.get(CommandBus, { strict: false }).execute(adopt);
    if (conversion === undefined) throw new Error('the upload began no conversion');
    return conversion.id;
  }

  /** Its status now and whenever it changes, until it has ended. */
  watch(conversionId: string, signal: AbortSignal): AsyncIterable<Conversion> {
    return this.app.get(ConversionWatch, { strict: false }).watch(this.#userId, conversionId, signal);
  }

  output(conversionId: string): Promise<AsyncIterable<Uint8Array>> {
    return this.app.get(QueryBus, { strict: false }).execute(new OpenOutput(this.#userId, conversionId));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.app.close();
  }
}
