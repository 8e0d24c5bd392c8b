import { describe, expect, it } from 'vitest';
import { presets } from '#contracts';
import { chooseTrack } from './choose-track.ts';
import type { ProbedStream } from './probe.ts';

const video: ProbedStream = { index: 0, codec_type: 'video', codec_name: 'h264' };
const audio = (index: number, more: Partial<ProbedStream> = {}): ProbedStream => ({
  index,
  codec_type: 'audio',
  codec_name: 'aac',
  sample_rate: 48_000,
  channels: 2,
  ...more,
});
const choose = (streams: ProbedStream[], audioTrack?: number) =>
  chooseTrack({ streams, format: {} }, audioTrack === undefined ? presets.mp3 : { ...presets.mp3, audioTrack });

describe('chooseTrack', () => {
  it('takes the first when none is marked', () => {
    expect(choose([video, audio(1), audio(2)])).toMatchObject({
      ok: true,
      tracks: 2,
      audio: { track: 0 },
      stream: { index: 1 },
    });
  });

  it('takes the one marked as default', () => {
    const marked = audio(2, { disposition: { default: 1 } });
    expect(choose([video, audio(1), marked])).toMatchObject({ audio: { track: 1 }, stream: { index: 2 } });
  });

  it('takes the one that the settings name, before any mark', () => {
    const marked = audio(1, { disposition: { default: 1 } });
    expect(choose([video, marked, audio(2)], 1)).toMatchObject({ audio: { track: 1 } });
  });

  it('says how many there are when the named one is not there', () => {
    expect(choose([video, audio(1), audio(2)], 2)).toMatchObject({
      code: 'no-audio',
      detail: 'The file has 2 audio tracks; track 2 (counted from 0) is not there.',
    });
    expect(choose([video])).toMatchObject({ code: 'no-audio', retryable: false });
  });

  it.each([
    ['no codec', { codec_name: undefined }],
    ['a codec that ffprobe does not know', { codec_name: 'unknown' }],
    ['no sample rate', { sample_rate: undefined }],
    ['a sample rate of zero', { sample_rate: 0 }],
    ['no channels', { channels: 0 }],
  ])('refuses %s', (_, more) => {
    expect(choose([audio(0, more)])).toMatchObject({ ok: false, code: 'unknown-codec' });
  });

  it('refuses what its container calls encrypted', () => {
    const side_data_list = [{ side_data_type: 'Encryption initialization data' }];
    expect(choose([audio(0, { side_data_list })])).toMatchObject({ ok: false, code: 'encrypted' });
  });
});
