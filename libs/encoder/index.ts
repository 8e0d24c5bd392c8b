export * from './encoder.module.ts';
export * from './work/encoder-engine.ts';
