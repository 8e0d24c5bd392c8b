/** How far a run is. */
export interface MediaProgress {
  /** 0 to 100; null while the duration is not known. */
  readonly percent: number | null;
  /** Media seconds per second; null until measured. */
  readonly speed: number | null;
  /** Seconds left; null while it cannot be said. */
  readonly etaSeconds: number | null;
}

/** One report of ffmpeg's `-progress`. */
export interface ProgressReport {
  /** The output's end so far, in seconds of media; null until something was written. */
  readonly outSeconds: number | null;
  readonly bytes: number | null;
  readonly speed: number | null;
  readonly last: boolean;
}

/** Collects the key=value lines of `-progress` into reports; each ends with the key `progress`. */
export class ProgressReader {
  #rest = '';
  #fields = new Map<string, string>();

  push(chunk: string): readonly ProgressReport[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    const reports: ProgressReport[] = [];
    for (const line of lines) {
      const equals = line.indexOf('=');
      if (equals < 0) continue;
      this.#fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
      if (!line.startsWith('progress=')) continue;
      reports.push(this.#report());
      this.#fields = new Map();
    }
    return reports;
  }

  #report(): ProgressReport {
    // `out_time_ms` is in microseconds too, and the only one that builds before 2018 know.
    const micros = this.#number('out_time_us') ?? this.#number('out_time_ms');
    return {
      outSeconds: micros === null || micros < 0 ? null : micros / 1e6,
      bytes: this.#number('total_size'),
      speed: this.#number('speed'),
      last: this.#fields.get('progress') === 'end',
    };
  }

  #number(key: string): number | null {
    const value = Number.parseFloat(this.#fields.get(key) ?? '');
    return Number.isFinite(value) ? value : null;
  }
}

/** @param durationSeconds of the expected output; null when not known */
export function toProgress(report: ProgressReport, durationSeconds: number | null): MediaProgress {
  const speed = report.speed !== null && report.speed > 0 ? report.speed : null;
  if (durationSeconds === null || durationSeconds <= 0) return { percent: null, speed, etaSeconds: null };
  const done = Math.min(report.outSeconds ?? 0, durationSeconds);
  return {
    percent: (100 * done) / durationSeconds,
    speed,
    etaSeconds: speed === null ? null : (durationSeconds - done) / speed,
  };
}
