export { EngineUnusable, sweepOrphans } from '#media';
export * from './encoder.module.ts';
export { EncoderIdentity } from './work/encoder-engine.ts';
export { type ExaminedEngine, examineEngine } from './work/prepare-engine.ts';
