import type { DynamicModule, Provider } from '@nestjs/common';

/** Every port bound to an adapter: what services get, without knowing from where. */
export interface Platform {
  /** A global Nest module that provides the ports. */
  readonly module: DynamicModule;
  /** A folder for jobs in progress that no other process uses. */
  readonly workFolder: string;
  /** Where whoever runs the service reaches it: a folder of this machine that only one process has. */
  readonly controlFolder: string;
  /** Resolves, with the cause, when a part that cannot be done without has ended by itself: the process should end, too. */
  readonly broken: Promise<Error>;
  /** After the application has closed, and not before. */
  close(): Promise<void>;
}

/** Holds a platform's providers; each platform makes one of its own. */
class PlatformModule {}

export function platformModule(providers: Provider[]): DynamicModule {
  const tokens = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
  return { module: PlatformModule, global: true, providers, exports: tokens };
}
