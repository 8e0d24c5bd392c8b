export * from './encoder.module.ts';
export { EncoderIdentity } from './work/encoder-engine.ts';
