import type { Engine, EngineDescription } from '#media';

/** The tools that this encoder works with, as found at the start. */
export class EncoderEngine {
  constructor(
    readonly engine: Engine,
    readonly description: EngineDescription,
  ) {}
}

/**
 * Who this encoder is in the task rows. The name outlives the process and nobody else has it at the same time, so a
 * process that starts may take back at once what its forerunner had in hand.
 */
export class EncoderIdentity {
  constructor(
    readonly name: string,
    /** An existing folder that no other process uses. */
    readonly workFolder: string,
  ) {}
}
