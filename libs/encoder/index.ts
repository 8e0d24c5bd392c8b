export * from './encoder.module.ts';
export { EngineUnusable } from '#media';
export { EncoderIdentity } from './work/encoder-engine.ts';
