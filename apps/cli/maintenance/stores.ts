import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#config';
import { askService, Maintenance, type MaintenanceTask, type Told } from '#maintenance';
import { openPlatform, type Platform } from '#platform';
import { createLog, Metrics } from '#telemetry';

/**
 * Has the task carried out on the data folder of DATA_DIR: by the service that runs on it, or here if none does.
 * @throws DataFolderUnusable | ServiceUnreachable | MaintenanceFailed
 */
export async function* maintain(task: MaintenanceTask, signal: AbortSignal): AsyncGenerator<Told, void, void> {
  const config = loadConfig();
  const log = createLog('error', process.stderr);
  let platform: Platform;
  try {
    platform = await openPlatform(config, log, new Metrics());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'data-folder-in-use')) throw error;
    return yield* askService(resolve(config.dataDir), task, signal);
  }
  try {
    const app = await NestFactory.createApplicationContext(platform.module, { logger: false, abortOnError: false });
    try {
      yield* new Maintenance(app, true).run(task, signal);
    } finally {
      await app.close();
    }
  } finally {
    await platform.close();
  }
}
