export { ConversionWatch } from './application/conversion-watch.ts';
export type { StatusDocument } from './application/status-document.ts';
export * from './conversion.module.ts';
