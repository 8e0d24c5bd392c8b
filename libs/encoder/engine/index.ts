export { EngineUnusable, sweepOrphans } from '#media';
export { EncoderEngine } from '../work/encoder-engine.ts';
export { type ExaminedEngine, examineEngine, findEngine } from '../work/prepare-engine.ts';
