export { childEnvironment } from './child-environment.ts';
export { type CommandLineConfig, loadCommandLineConfig } from './command-line-config.ts';
export { Config, InvalidConfig, loadConfig } from './config.ts';
export { JwtSecret } from './jwt-secret.ts';
export { renderConfigTable } from './render-table.ts';
export * from './telemetry-config.ts';
