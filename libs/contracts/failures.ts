import { z } from 'zod';

/** Why a conversion failed: stable codes, each with the sentence that a person reads. */
export const failures = {
  'no-audio': 'The file has no audio track that could be converted.',
  'not-media': 'The file is not a media file in a format that mixdown reads.',
  truncated: 'The file ends before its media does: it was cut off or is damaged.',
  encrypted: 'The file is encrypted or copy protected.',
  'unknown-codec': 'The audio track is in a codec that mixdown cannot decode.',
  'too-long': 'The media is longer than this service converts.',
  'output-too-large': 'The output would be larger than this service allows.',
  'timed-out': 'The conversion took longer than its deadline.',
  stalled: 'The decoder stopped making progress.',
  'encoder-crashed': 'The encoder failed, and failed again when it was retried.',
  'source-missing': 'The upload was removed before it could be converted.',
  internal: 'The conversion could not be finished because of a fault in the service.',
} as const;

export type FailureCode = keyof typeof failures;
export const FailureCode = z.enum(Object.keys(failures) as [FailureCode, ...FailureCode[]]);
