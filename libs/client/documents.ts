import type { FailureCode, PresetName, Priority, Settings, Source } from '#contracts';

export interface Account {
  readonly id: string;
  readonly email: string;
}

export interface Upload {
  readonly id: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly fileName: string | null;
  readonly mediaType: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The one that `convert` started. */
  readonly conversion?: { readonly id: string; readonly url: string };
}

export interface Phase {
  readonly status: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly percent: number;
}
export type Phases = Readonly<Record<'inspect' | 'encode' | 'join', Phase>>;

/** The status document of a conversion. */
export interface Conversion {
  readonly id: string;
  readonly uploadId: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly phases: Phases;
  /** Percent of the whole. */
  readonly progress: number;
  /** Seconds left, as measured; null while nothing is known. */
  readonly eta: number | null;
  readonly settings: Settings;
  readonly source: Source | null;
  readonly output: {
    readonly url: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly durationSeconds: number;
    readonly samples: number;
  } | null;
  readonly error: { readonly type: string; readonly code: FailureCode; readonly detail: string } | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly priority: Priority;
  readonly attempts: number;
  readonly retryOf: string | null;
  readonly revision: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly queueSeconds: number | null;
  readonly encodeSeconds: number | null;
}

/** What to make of an upload: a preset or settings, else the default. */
export interface ConversionOrder {
  readonly preset?: PresetName;
  readonly settings?: Partial<Settings>;
  readonly priority?: Priority;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly webhookUrl?: string;
}

/** One event of a conversion's history. */
export interface HistoryEvent {
  readonly id: string;
  /** For instance `mixdown.conversion.completed.v1`. */
  readonly type: string;
  readonly revision: number;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What {@link MixdownClient.follow} tells. */
export type Live =
  | { readonly type: 'conversion'; readonly conversion: Conversion }
  | { readonly type: 'progress'; readonly id: string; readonly progress: number; readonly eta: number | null };

/** A URL that works without a token, until it expires. */
export interface SignedLink {
  readonly url: string;
  readonly expiresAt: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export function hasEnded({ status }: Pick<Conversion, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
