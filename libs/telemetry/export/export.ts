/** Traces and metrics on their way to whoever collects them. */
export interface Export {
  /** Sends what is left, as far as that succeeds soon: a collector that is away keeps nobody waiting. Never throws. */
  stop(): Promise<void>;
}
