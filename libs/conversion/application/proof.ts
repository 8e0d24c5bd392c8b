import { z } from 'zod';
import { type ConversionEvent, Id, Plan, publicEventTypes, Settings, Source } from '#contracts';

const Sha256 = z.string().describe('Hexadecimal');
const Bytes = z.int().min(0);
const Samples = z.int().min(0).describe('Per channel');

/**
 * Enough to check that nothing is missing: the segments are all there, from 0 without a gap; their samples add up to
 * the output's; and the output's own hash, length and gapless header can be held against the file.
 */
export const Proof = z.object({
  id: Id,
  settings: Settings,
  source: z.object({
    ...Source.shape,
    bytes: Bytes,
    sha256: Sha256,
    declaredSamples: z.int().nullable().describe('What the declared duration would be at the source’s sample rate'),
  }),
  plan: Plan,
  segments: z.array(
    z.object({ index: z.int().min(0), samples: Samples, bytes: Bytes, sha256: Sha256, engine: z.string() }),
  ),
  output: z.object({
    bytes: Bytes,
    sha256: Sha256,
    samples: Samples.describe('Per channel, that a gapless player plays: the segments’ sum'),
    sampleRate: z.int(),
    channels: z.int(),
    durationSeconds: z.number(),
    encoderDelay: z
      .int()
      .nullable()
      .describe('Samples that the encoder put before the music, as the file’s header says'),
    encoderPadding: z.int().nullable().describe('Samples that it put after it; null where it was not recorded'),
  }),
  stream: z.array(
    z.object({ revision: z.int().min(0), type: z.string(), time: z.iso.datetime() }).describe('Every event, in order'),
  ),
});
export type Proof = z.infer<typeof Proof>;

/** Null before the conversion has completed. Pure. */
export function proofOf(id: string, history: readonly ConversionEvent[]): Proof | null {
  const requested = first(history, 'ConversionRequested');
  const inspected = first(history, 'SourceInspected');
  const completed = first(history, 'ConversionCompleted');
  if (requested === undefined || inspected === undefined || completed === undefined) return null;
  const { blob, encoderDelay = null, encoderPadding = null, ...output } = completed.data.output;
  const { source, plan } = inspected.data;
  return {
    id,
    settings: requested.data.settings,
    source: {
      ...source,
      ...{ bytes: requested.data.source.bytes, sha256: requested.data.source.sha256 },
      declaredSamples:
        source.durationSeconds === null ? null : Math.round(source.durationSeconds * source.audio.sampleRate),
    },
    plan,
    segments: history
      .flatMap((event) => (event.type === 'SegmentEncoded' ? [event.data] : []))
      .map(({ index, samples, engine, blob: { bytes, sha256 } }) => ({ index, samples, bytes, sha256, engine }))
      .sort((a, b) => a.index - b.index),
    output: { ...output, bytes: blob.bytes, sha256: blob.sha256, encoderDelay, encoderPadding },
    stream: history.map(({ type, at }, revision) => ({ revision, type: publicEventTypes[type], time: at })),
  };
}

function first<T extends ConversionEvent['type']>(history: readonly ConversionEvent[], type: T) {
  return history.find((event): event is Extract<ConversionEvent, { type: T }> => event.type === type);
}
