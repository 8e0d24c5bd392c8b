export { childEnvironment } from './child-environment.ts';
export * from './config.ts';
export { renderConfigTable } from './render-table.ts';
export * from './telemetry-config.ts';
