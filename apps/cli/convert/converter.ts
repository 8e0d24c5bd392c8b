import type { Conversion } from '#client';
import type { Settings } from '#contracts';

export interface Progress {
  readonly phase: 'reading' | 'uploading' | 'waiting' | 'converting' | 'saving';
  /** Of the phase. */
  readonly percent: number;
  /** Seconds left, as measured; null while nothing is known. */
  readonly eta: number | null;
}

export interface Work {
  /** A path. */
  readonly video: string;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Whatever converts: this process, or a server. */
export interface Converter extends AsyncDisposable {
  /** Resolves when the conversion has ended, however that is. @throws the signal's reason */
  convert(work: Work): Promise<Conversion>;
  /** The output's bytes, checked against its hash. */
  output(conversionId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export function progressOf({ status, progress, eta }: Pick<Conversion, 'status' | 'progress' | 'eta'>): Progress {
  return { phase: status === 'queued' ? 'waiting' : 'converting', percent: progress, eta };
}
