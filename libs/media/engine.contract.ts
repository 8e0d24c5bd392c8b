import type { Plan, Settings } from '#contracts';
import { freshFolder, gather } from '#testing/media';
import {
  defaultLimits,
  type EncodeRangeJob,
  type Engine,
  encodeRange,
  inspectSource,
  type Joined,
  joinSegments,
  type MediaFailure,
  Permits,
} from './index.ts';
import { cutFrames, samplesPerFrame } from './plan.ts';

/** Segments as a service would keep them. */
export type Kept = Map<number, { readonly samples: number; readonly bytes: Buffer }>;

/** A plan of so many segments for media of so many seconds. */
export function planOf(plan: Plan, seconds: number, segments: number): Plan {
  if (segments === 1) return plan;
  const frames = (seconds * plan.sampleRate) / samplesPerFrame(plan.sampleRate);
  const segmentFrames = Math.max(1, Math.floor(frames / segments / cutFrames)) * cutFrames;
  return { ...plan, segments, segmentFrames, ranges: [{ first: 0, count: segments }] };
}

export interface Conversion {
  readonly inputPath: string;
  readonly settings: Settings;
  readonly engine: Engine;
  readonly segments?: number;
  readonly kept?: Kept;
  readonly more?: Partial<EncodeRangeJob>;
}

export type Outcome = (Joined & { readonly plan: Plan }) | MediaFailure;

/** As the encoder service does it: inspects, encodes what is not kept yet, and joins. */
export async function convertWith(conversion: Conversion): Promise<Outcome> {
  const { inputPath, settings, engine, segments = 1, kept = new Map() } = conversion;
  const signal = new AbortController().signal;
  const job = { engine, signal, limits: defaultLimits, settings };
  const inspected = await inspectSource({ ...job, inputPath, folder: freshFolder() });
  if (!inspected.ok) return inspected;
  const { source, audioPath } = inspected;
  const plan = planOf(inspected.plan, source.durationSeconds ?? 0, segments);
  const failed = await encodeRange({
    ...{ ...job, folder: freshFolder(), source, audioPath, plan, range: { first: 0, count: plan.segments } },
    ...{ encoded: new Set(kept.keys()), permits: new Permits(2) },
    onSegment: async ({ index, samples, frames }) => {
      kept.set(index, { samples, bytes: await gather(frames) });
    },
    ...conversion.more,
  });
  if (failed !== null) return failed;
  const joined = await joinSegments({
    ...{ folder: freshFolder(), signal, settings, encoder: 'LAME3.100', maxBytes: defaultLimits.maxOutputBytes },
    segments: [...kept]
      .sort(([a], [b]) => a - b)
      .map(([, { samples, bytes }]) => ({ samples, open: async () => chunksOf(bytes) })),
  });
  return joined.ok ? { ...joined, plan } : joined;
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
}
