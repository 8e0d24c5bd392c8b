import { z } from 'zod';
import { BlobRef } from '../blob-ref.ts';

/** An upload's media as inspected. */
export const Source = z.object({
  /** ffmpeg's demuxer, for instance `mov` or `matroska`. */
  container: z.string(),
  /** What the container says; an estimate, the decoded samples count. Null where it says nothing. */
  durationSeconds: z.number().min(0).nullable(),
  audio: z.object({
    codec: z.string(),
    sampleRate: z.int().positive(),
    channels: z.int().positive(),
    /** Which of the file's audio tracks, from 0. */
    track: z.int().min(0),
  }),
});
export type Source = z.infer<typeof Source>;

/** How the work is divided. Decided once and recorded: the bytes of the output do not depend on it. */
export const Plan = z.object({
  /** Output samples per second, per channel. */
  sampleRate: z.int().positive(),
  channels: z.int().min(1).max(2),
  /** How many segments the output is encoded in. */
  segments: z.int().min(1),
  /** MP3 frames in each segment but the last, which goes to the end; not there when it is encoded whole. */
  segmentFrames: z.int().positive().optional(),
  /** Each is one encode task: a run of segments that one encoder makes in one decoding pass. */
  ranges: z.array(z.object({ first: z.int().min(0), count: z.int().min(1) })).min(1),
  /** Why it is encoded whole, where it is. */
  wholeBecause: z.string().optional(),
});
export type Plan = z.infer<typeof Plan>;

export const Output = z.object({
  blob: BlobRef,
  /** Samples per channel that a gapless player plays. */
  samples: z.int().min(0),
  sampleRate: z.int().positive(),
  channels: z.int().min(1).max(2),
  durationSeconds: z.number().min(0),
  /** Samples that the encoder put before and after the music, as the file's own header says. */
  encoderDelay: z.int().min(0).optional(),
  encoderPadding: z.int().min(0).optional(),
});
export type Output = z.infer<typeof Output>;
