import { readXing } from './mp3/read-xing.ts';

/** Samples per channel that the encoder put around the music, as the MP3's own header says. */
export interface EncoderGaps {
  readonly encoderDelay: number;
  readonly encoderPadding: number;
}

/** Null for an MP3 whose header does not say. */
export async function readEncoderGaps(path: string): Promise<EncoderGaps | null> {
  const { xing } = await readXing(path);
  if (xing === null || xing.delay === null || xing.padding === null) return null;
  return { encoderDelay: xing.delay, encoderPadding: xing.padding };
}
