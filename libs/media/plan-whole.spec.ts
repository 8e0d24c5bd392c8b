import { describe, expect, it } from 'vitest';
import { presets, sampleRates } from '#contracts';
import { outputSampleRate, planWhole } from './plan-whole.ts';

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

describe('planWhole', () => {
  const audio = { codec: 'aac', sampleRate: 96_000, channels: 6, track: 0 };

  it('is one segment in one range, stereo at most', () => {
    expect(planWhole(presets.mp3, audio, 'because')).toEqual({
      sampleRate: 48_000,
      channels: 2,
      segments: 1,
      ranges: [{ first: 0, count: 1 }],
      wholeBecause: 'because',
    });
  });

  it('does what the settings say', () => {
    expect(planWhole({ ...presets.speech, sampleRate: 22_050 }, audio, '')).toMatchObject({
      channels: 1,
      sampleRate: 22_050,
    });
  });
});
