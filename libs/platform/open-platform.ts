import type { Config } from '#config';
import { type Log, Metrics } from '#telemetry';
import { openEmbeddedPlatform } from './embedded/embedded-platform.ts';
import type { Platform } from './platform.ts';

/** The one place where the choice of platform is made. @throws DataFolderUnusable */
export function openPlatform(config: Config, log: Log, metrics = new Metrics()): Promise<Platform> {
  switch (config.platform) {
    case 'embedded':
      return openEmbeddedPlatform(config, log, metrics);
  }
}
