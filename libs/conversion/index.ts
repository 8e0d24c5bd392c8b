export { conversionListModel } from './application/conversion-list-model.ts';
export { ConversionWatch } from './application/conversion-watch.ts';
export { replayConversion } from './application/replay-conversion.ts';
export * from './conversion.module.ts';
