/** How far a run is. */
export interface MediaProgress {
  /** 0 to 100; null while the duration is not known. */
  readonly percent: number | null;
  /** Media seconds per second; null until measured. */
  readonly speed: number | null;
  /** Seconds left; null while it cannot be said. */
  readonly etaSeconds: number | null;
}
