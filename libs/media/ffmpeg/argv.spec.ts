import { describe, expect, it } from 'vitest';
import { audioCopyArgv, encodeWholeArgv, probeArgv } from './argv.ts';

const copy = audioCopyArgv({
  input: '/job/source',
  output: '/job/audio',
  demuxer: 'matroska',
  muxer: 'matroska',
  track: 2,
  maxSeconds: 100,
  maxBytes: 5000,
});
const encoding = {
  input: '/job/audio',
  output: '/job/output.mp3',
  demuxer: 'mov',
  track: 0,
  quality: { mode: 'vbr', level: 2 },
  sampleRate: 44_100,
  channels: 2,
  trim: null,
  maxSeconds: 100,
  maxBytes: 5000,
} as const;
const encode = encodeWholeArgv(encoding);
const probe = probeArgv({ input: '/job/source', demuxer: 'mov' });

/** The value of an option, which must come before the position of the input or after it. */
function optionValue(argv: readonly string[], option: string, place: 'input' | 'output' | 'anywhere' = 'anywhere') {
  const at = argv.indexOf(option);
  const input = argv.indexOf('-i');
  if (at < 0 || (place === 'input' && at > input) || (place === 'output' && at < input)) return undefined;
  return argv[at + 1];
}

describe.each([
  ['copy', copy, 'matroska'],
  ['encode', encode, 'mov'],
  ['probe', probe, 'mov'],
])('%s', (_, argv, demuxer) => {
  it('reads with one demuxer and from files only', () => {
    expect(optionValue(argv, '-f', 'input')).toBe(demuxer);
    expect(optionValue(argv, '-format_whitelist', 'input')).toBe(demuxer);
    expect(optionValue(argv, '-protocol_whitelist', 'input')).toBe('file,pipe');
    expect(optionValue(argv, '-max_streams', 'input')).toBe('100');
  });

  it('has one input', () => {
    expect(argv.filter((argument) => argument === '-i')).toHaveLength(1);
  });
});

describe.each([
  ['copy', copy],
  ['encode', encode],
])('%s', (_, argv) => {
  it('ends at the first error and never asks', () => {
    expect(argv).toEqual(expect.arrayContaining(['-nostdin', '-xerror', '-y']));
    expect(optionValue(argv, '-err_detect', 'input')).toBe('crccheck+explode');
  });

  it('takes nothing but the chosen audio track along', () => {
    expect(argv).toEqual(expect.arrayContaining(['-vn', '-sn', '-dn']));
    expect(optionValue(argv, '-map_metadata')).toBe('-1');
    expect(optionValue(argv, '-map_chapters')).toBe('-1');
    expect(optionValue(argv, '-map')).toBe(argv === copy ? '0:a:2' : '0:a:0');
  });

  it('has caps on duration and size', () => {
    expect(optionValue(argv, '-t', 'output')).toBe('100');
    expect(optionValue(argv, '-fs', 'output')).toBe('5000');
  });

  it('reports its progress', () => {
    expect(optionValue(argv, '-progress')).toBe('pipe:1');
  });

  it('ends with the output', () => {
    expect(argv.at(-1)).toBe(argv === copy ? '/job/audio' : '/job/output.mp3');
  });
});

describe('encodeWholeArgv', () => {
  it('asks LAME for a quality or a bit rate', () => {
    expect(optionValue(encode, '-q:a')).toBe('2');
    expect(encode).not.toContain('-b:a');
    const constant = encodeWholeArgv({ ...encoding, quality: { mode: 'cbr', kbps: 320 } });
    expect(optionValue(constant, '-b:a')).toBe('320k');
    expect(constant).not.toContain('-q:a');
  });

  it('trims by samples, not by time', () => {
    const trimmed = encodeWholeArgv({ ...encoding, trim: { startSample: 4410, endSample: 8820 } });
    expect(optionValue(trimmed, '-filter:a')).toBe('atrim=start_sample=4410:end_sample=8820,asetpts=PTS-STARTPTS');
    const open = encodeWholeArgv({ ...encoding, trim: { startSample: 1, endSample: null } });
    expect(optionValue(open, '-filter:a')).toBe('atrim=start_sample=1,asetpts=PTS-STARTPTS');
  });

  it('keeps paths with spaces in one argument', () => {
    expect(encodeWholeArgv({ ...encoding, input: '/a b/c d' })).toContain('/a b/c d');
  });
});
