import type { INestApplication } from '@nestjs/common';
import { loadConfig } from '#config';
import { closeGracefully, createHttpApp } from '#http';
import { openPlatform } from '#platform';
import { connectBus } from '#platform/nest';
import { createLog } from '#telemetry';
import { StandaloneModule } from '../../apps/standalone/app.module.ts';

/** Every service in the test's own process, so that the test reaches the ports behind them. */
export interface InProcess extends AsyncDisposable {
  readonly app: INestApplication;
  readonly url: string;
}

export async function startInProcess(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<InProcess> {
  const config = loadConfig({ DATA_DIR: dataFolder, PORT: '0', ...environment });
  const log = createLog('silent');
  const platform = await openPlatform(config, log);
  const app = await createHttpApp(StandaloneModule.on(platform), config, log);
  connectBus(app, config);
  await app.startAllMicroservices();
  await app.listen(config.port, config.host);
  return {
    app,
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    async [Symbol.asyncDispose]() {
      await closeGracefully(app);
      await platform.close();
    },
  };
}
