export * from './config.ts';
export { renderConfigTable } from './render-table.ts';
