import { type Engine, EngineUnusable } from './engine.ts';

/** @throws EngineUnusable */
export async function locateEngine(_paths: {
  ffmpegPath?: string | undefined;
  ffprobePath?: string | undefined;
}): Promise<Engine> {
  throw new EngineUnusable('not there yet');
}
