import { type Plan, type Settings, type Source, sampleRates } from '#contracts';

/**
 * MP3 knows nine sample rates. A rate that is none of them becomes the nearest lower one of its own family (a whole
 * multiple: 96 kHz gives 48, 88.2 kHz gives 44.1), else the nearest higher one, so that nothing audible is lost; above
 * 48 kHz without a family: 48 kHz.
 */
export function outputSampleRate(sourceRate: number): number {
  const known = sampleRates.find((rate) => rate === sourceRate);
  if (known !== undefined) return known;
  const family = sampleRates.filter((rate) => sourceRate > 48_000 && sourceRate % rate === 0);
  return family.at(-1) ?? sampleRates.find((rate) => rate > sourceRate) ?? 48_000;
}

/** What the settings leave open follows from the source: stereo at most, and a rate that MP3 knows. */
export function outputShape(settings: Settings, audio: Source['audio']): Pick<Plan, 'sampleRate' | 'channels'> {
  return {
    sampleRate: settings.sampleRate ?? outputSampleRate(audio.sampleRate),
    channels: settings.channels ?? Math.min(audio.channels, 2),
  };
}
