import { describe, expect, it } from 'vitest';
import { presets, sampleRates } from '#contracts';
import { outputSampleRate, outputShape } from './output-shape.ts';

describe('outputSampleRate', () => {
  it.each(sampleRates)('keeps %i Hz, which MP3 knows', (rate) => {
    expect(outputSampleRate(rate)).toBe(rate);
  });

  it.each([
    [96_000, 48_000],
    [192_000, 48_000],
    [88_200, 44_100],
    [176_400, 44_100],
    [64_000, 32_000],
    [50_000, 48_000],
    [47_250, 48_000],
    [37_800, 44_100],
    [18_900, 22_050],
    [4_000, 8_000],
  ])('makes %i Hz %i', (source, output) => {
    expect(outputSampleRate(source)).toBe(output);
  });
});

describe('outputShape', () => {
  const audio = { codec: 'aac', sampleRate: 96_000, channels: 6, track: 0 };

  it('is stereo at most', () => {
    expect(outputShape(presets.mp3, audio)).toEqual({ sampleRate: 48_000, channels: 2 });
  });

  it('does what the settings say', () => {
    const settings = { ...presets.speech, sampleRate: 22_050 } as const;
    expect(outputShape(settings, audio)).toEqual({ channels: 1, sampleRate: 22_050 });
  });
});
