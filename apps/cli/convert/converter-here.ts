import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Conversion } from '#client';
import { childEnvironment, loadConfig } from '#config';
import { ConversionModule, ConversionWatch } from '#conversion';
import { DeliveryModule, OpenOutput } from '#delivery';
import { type EncoderEngine, EncoderIdentity, EncoderModule, findEngine } from '#encoder';
import { HttpModule } from '#http';
import { createBusApp, openPlatform, type Platform } from '#platform';
import { createLog, nestLogger } from '#telemetry';
import { AdoptFile, UploadModule } from '#upload';
import { ExitCode, Failure } from '../failure.ts';
import type { TemporaryFolder } from '../temporary-folder.ts';
import { type Converter, progressOf, type Work } from './converter.ts';

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

/** What goes on when the process is asked to end is given up, not handed on: nobody is there to go on with it. */
const graceSeconds = '1';

/** The service's own pipeline in this process, on a temporary folder that is gone afterwards. */
export class ConverterHere implements Converter {
  /** Whoever it is: there is nobody else. */
  readonly #userId = randomUUID();

  private constructor(
    private readonly app: INestMicroservice,
    private readonly platform: Platform,
  ) {}

  /** @throws InvalidConfig | EngineUnusable | DataFolderUnusable */
  static async open(folder: TemporaryFolder, jobs: number): Promise<ConverterHere> {
    const own = { DATA_DIR: folder.dataFolder, PLATFORM: 'embedded', SHUTDOWN_GRACE_SECONDS: graceSeconds };
    const config = loadConfig(childEnvironment({ ...own, ENCODER_CONCURRENCY: String(jobs) }));
    const log = createLog('error', process.stderr);
    // The programs are looked at while the stores are opened: somebody waits for both.
    const engine = findEngine(config);
    engine.catch(() => undefined);
    const platform = await openPlatform(config, log);
    try {
      const app = await createBusApp(HereModule.on(platform, engine), config, nestLogger(log));
      await app.listen();
      return new ConverterHere(app, platform);
    } catch (error) {
      await platform.close();
      throw error;
    }
  }

  async convert({ video, settings, signal, onProgress }: Work): Promise<Conversion> {
    onProgress({ phase: 'reading', percent: 0, eta: null });
    const path = await realpath(video);
    const before = await stat(path);
    const adopt = new AdoptFile(this.#userId, path, settings, signal);
    const { conversion } = await this.app.get(CommandBus, { strict: false }).execute(adopt);
    if (conversion === undefined) throw new Error('the upload began no conversion');
    const watch = this.app.get(ConversionWatch, { strict: false });
    let last: Conversion | null = null;
    for await (const status of watch.watch(this.#userId, conversion.id, signal)) {
      last = status;
      onProgress(progressOf(status));
    }
    if (last === null) throw new Error('the conversion has no status');
    const after = await stat(path);
    // The file itself is read, not a copy of it.
    if (after.mtimeMs === before.mtimeMs && after.size === before.size) return last;
    throw new Failure(`${video} was changed while it was being converted: run the command again`, ExitCode.failed);
  }

  output(conversionId: string): Promise<AsyncIterable<Uint8Array>> {
    return this.app.get(QueryBus, { strict: false }).execute(new OpenOutput(this.#userId, conversionId));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close();
    await this.platform.close();
  }
}
