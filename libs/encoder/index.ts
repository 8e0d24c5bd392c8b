export { EngineUnusable, sweepOrphans } from '#media';
export * from './encoder.module.ts';
export { type EncoderEngine, EncoderIdentity } from './work/encoder-engine.ts';
export { type ExaminedEngine, examineEngine, findEngine } from './work/prepare-engine.ts';
