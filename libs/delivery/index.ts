export { OpenOutput } from './application/open-output.ts';
export * from './delivery.module.ts';
