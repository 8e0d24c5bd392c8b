import { realpath, stat } from 'node:fs/promises';
import type { Conversion } from '#client';
import { childEnvironment, loadConfig } from '#config';
import { findEngine } from '#encoder/engine';
import { openPlatform, type Platform } from '#platform';
import { createLog } from '#telemetry';
import { ExitCode, Failure } from '../failure.ts';
import type { TemporaryFolder } from '../temporary-folder.ts';
import { type Converter, progressOf, type Work } from './converter.ts';
import type { ServicesHere } from './services-here.ts';

/** What goes on when the process is asked to end is given up, not handed on: nobody is there to go on with it. */
const graceSeconds = '1';

/** The service's own pipeline in this process, on a temporary folder that is gone afterwards. */
export class ConverterHere implements Converter {
  private constructor(
    private readonly services: ServicesHere,
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
    const opening = openPlatform(config, log);
    opening.catch(() => undefined);
    // So are the services loaded, which takes longer.
    const { ServicesHere } = await import('./services-here.ts');
    const platform = await opening;
    try {
      return new ConverterHere(await ServicesHere.start(platform, engine, config, log), platform);
    } catch (error) {
      await platform.close();
      throw error;
    }
  }

  async convert({ video, settings, signal, onProgress }: Work): Promise<Conversion> {
    onProgress({ phase: 'reading', percent: 0, eta: null });
    const path = await realpath(video);
    const before = await stat(path);
    const id = await this.services.begin(path, settings, signal);
    let last: Conversion | null = null;
    for await (const status of this.services.watch(id, signal)) {
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
    return this.services.output(conversionId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services[Symbol.asyncDispose]();
    await this.platform.close();
  }
}
