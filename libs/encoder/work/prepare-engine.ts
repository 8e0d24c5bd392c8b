import type { Config } from '#config';
import { describeEngine, describeProtection, locatePrograms, probeProtection, sweepOrphans } from '#media';
import type { Log } from '#telemetry';
import { EncoderEngine, type EncoderIdentity } from './encoder-engine.ts';

/** What whoever runs it should know of the tools. */
export interface ExaminedEngine {
  /** Versions, build and architecture. */
  readonly id: string;
  /** Absolute paths. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Sentences: what is missing or old, and what that means. */
  readonly toolWarnings: readonly string[];
  readonly sandboxWarnings: readonly string[];
}

/** @throws EngineUnusable */
export async function examineEngine(config: Config): Promise<ExaminedEngine> {
  const { engine, description } = await findEngine(config);
  const { ffmpeg, ffprobe, protection } = engine;
  const { id, warnings } = description;
  return { id, ffmpeg, ffprobe, toolWarnings: warnings, sandboxWarnings: describeProtection(protection) };
}

/** Looks for the tools, says what is missing, and clears away what a killed process left. @throws EngineUnusable */
export async function prepareEngine(identity: EncoderIdentity, config: Config, log: Log): Promise<EncoderEngine> {
  const swept = await sweepOrphans(identity.workFolder);
  if (swept.killed + swept.removed > 0) log.info(swept, 'cleared away what an earlier process left');
  const { engine, description } = await findEngine(config);
  for (const warning of [...description.warnings, ...describeProtection(engine.protection)]) log.warn({}, warning);
  log.info({ engine: description.id, ffmpeg: engine.ffmpeg }, 'encoder ready');
  return new EncoderEngine(engine, description);
}

/** @throws EngineUnusable */
export async function findEngine({ ffmpegPath, ffprobePath }: Config): Promise<EncoderEngine> {
  const programs = await locatePrograms({ ffmpegPath, ffprobePath });
  // Side by side, because every start waits for both.
  const [protection, description] = await Promise.all([probeProtection(programs), describeEngine(programs)]);
  return new EncoderEngine({ ...programs, protection }, description);
}
