import 'reflect-metadata';
import { InvalidConfig, loadConfig, loadTelemetryConfig } from '#config';
import { armCrashPoint } from '#crash-points';
import { EngineUnusable } from '#encoder/engine';
import { DataFolderUnusable } from '#platform';
import { createLog, Metrics, startExport } from '#telemetry';
import { CannotListen } from './cannot-listen.ts';
import { startStandalone } from './start.ts';
import { welcome } from './welcome.ts';

/** Beyond the grace period something hangs that should not: better an end than none. */
const overtimeSeconds = 10;

/** Starts the service, and ends it when it is asked to. */
export async function run(): Promise<void> {
  try {
    await start();
  } catch (error) {
    const isForPeople =
      error instanceof InvalidConfig ||
      error instanceof DataFolderUnusable ||
      error instanceof EngineUnusable ||
      error instanceof CannotListen;
    process.stderr.write(`mixdown cannot start: ${isForPeople ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const config = loadConfig();
  if (config.crashAt !== undefined) armCrashPoint(config.crashAt.point, config.crashAt.passes);
  const log = createLog(config.logLevel);
  const metrics = new Metrics();
  const exporting = await startExport(loadTelemetryConfig(), metrics, log);
  const standalone = await startStandalone(config, log, metrics);
  void standalone.broken.then((error) => {
    log.error({ err: error }, 'a store is lost, so the process ends: start it again');
    process.exit(1);
  });

  let closing = false;
  const close = (signal: NodeJS.Signals) => {
    if (closing) return;
    closing = true;
    log.info({ signal }, 'closing');
    setTimeout(() => process.exit(1), (config.shutdownGraceSeconds + overtimeSeconds) * 1_000).unref();
    standalone
      .close(() => exporting.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'closing failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  log.info({ url: standalone.url, dataDir: config.dataDir }, 'listening');
  if (process.stderr.isTTY) process.stderr.write(welcome(standalone.url));
}
