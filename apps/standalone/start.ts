import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from '#config';
import { closeGracefully, createHttpApp } from '#http';
import { ControlSocket, Maintenance } from '#maintenance';
import { openPlatform } from '#platform';
import { connectBus } from '#platform/nest';
import type { Log, Metrics } from '#telemetry';
import { StandaloneModule } from './app.module.ts';
import { CannotListen } from './cannot-listen.ts';

export interface Standalone {
  /** Where it listens, for instance `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Resolves when it cannot go on: a new process can. */
  readonly broken: Promise<Error>;
  /**
   * Finishes or hands back what is going on, then closes the stores.
   * @param flush sends the last of traces and metrics, some of which are asked of the stores
   */
  close(flush: () => Promise<void>): Promise<void>;
}

/** Every service in this process, listening. @throws DataFolderUnusable | EngineUnusable | CannotListen */
export async function startStandalone(config: Config, log: Log, metrics: Metrics): Promise<Standalone> {
  const platform = await openPlatform(config, log, metrics);
  try {
    const app = await createHttpApp(StandaloneModule.on(platform), config, log);
    try {
      connectBus(app, config);
      await app.startAllMicroservices();
      await listen(app, config);
      const control = await ControlSocket.open(platform.controlFolder, new Maintenance(app, false), log);
      return {
        url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
        broken: platform.broken,
        async close(flush) {
          await control[Symbol.asyncDispose]();
          await closeGracefully(app).finally(flush);
          await platform.close();
        },
      };
    } catch (error) {
      await closeGracefully(app);
      throw error;
    }
  } catch (error) {
    await platform.close();
    throw error;
  }
}

async function listen(app: NestExpressApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? new CannotListen(host, port, error) : error;
  }
}
