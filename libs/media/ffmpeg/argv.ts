import createCommand from 'fluent-ffmpeg';
import type { Settings } from '#contracts';
import type { Demuxer } from '../container/demuxer.ts';
import type { SampleTrim } from '../trim.ts';

/**
 * The command lines: pure functions, run elsewhere. fluent-ffmpeg (archived) orders the arguments, and nothing else of
 * it is used: it cannot run a program in a group or a box.
 */

/** More streams than any real file has: a hostile one would make ffmpeg hold state for each. */
export const maxStreams = 100;

/** Everything that an input is read with: one demuxer, chosen by us, and no way to any other file or host. */
function inputOptions(demuxer: Demuxer): string[] {
  return [
    ...['-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', demuxer],
    ...['-max_streams', String(maxStreams)],
    ...['-f', demuxer],
  ];
}

const safeOptions = ['-hide_banner', '-nostdin', '-nostats', '-v', 'verbose', '-xerror', '-progress', 'pipe:1'];
/** `explode` alone would switch the check of checksums off, and a flipped bit would be heard and not told. */
const errorDetection = 'crccheck+explode';
/** No clock, version or name of the source gets into the output: the same source gives the same bytes. */
const cleanOptions = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
const audioOnly = ['-vn', '-sn', '-dn'];

interface Shape {
  readonly input: string;
  readonly demuxer: Demuxer;
  readonly filters: readonly string[];
  readonly output: readonly string[];
  readonly outputPath: string;
}

function build({ input, demuxer, filters, output, outputPath }: Shape): readonly string[] {
  const command = createCommand();
  command.input(input).inputOptions([...inputOptions(demuxer), '-err_detect', errorDetection]);
  command.output(outputPath).outputOptions([...audioOnly, ...cleanOptions, ...output]);
  if (filters.length > 0) command.audioFilters([...filters]);
  return [...safeOptions, ...command._getArguments().map(String)];
}

export interface CopyOptions {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  readonly demuxer: Demuxer;
  /** ffmpeg's muxer; `null` writes nothing and only reads the audio through. */
  readonly muxer: string;
  /** Which of the audio tracks, from 0. */
  readonly track: number;
  readonly maxSeconds: number;
  readonly maxBytes: number;
}

/** Copies one audio track out, packet by packet. */
export function audioCopyArgv(options: CopyOptions): readonly string[] {
  return build({
    input: options.input,
    demuxer: options.demuxer,
    filters: [],
    output: [
      ...['-map', `0:a:${options.track}`, '-c:a', 'copy'],
      // FLAC in MP4 counted as experimental until ffmpeg 4.3.
      ...['-strict', '-2'],
      ...['-t', String(options.maxSeconds), '-fs', String(options.maxBytes)],
      ...['-f', options.muxer],
    ],
    outputPath: options.output,
  });
}

export interface EncodeOptions {
  readonly input: string;
  readonly output: string;
  readonly demuxer: Demuxer;
  readonly track: number;
  readonly quality: Settings['quality'];
  /** Of the output: Hz, and 1 or 2. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly trim: SampleTrim | null;
  readonly maxSeconds: number;
  readonly maxBytes: number;
}

/** Decodes, trims and encodes in one pass. */
export function encodeWholeArgv(options: EncodeOptions): readonly string[] {
  const { quality, trim } = options;
  return build({
    input: options.input,
    demuxer: options.demuxer,
    filters: trimFilters(trim),
    output: [
      ...['-map', `0:a:${options.track}`],
      // Floats, as the segments of a longer one are handed over: the same samples give the same frames.
      ...['-sample_fmt', 'fltp', ...lameOptions(quality)],
      ...['-ar', String(options.sampleRate), '-ac', String(options.channels)],
      ...['-t', String(options.maxSeconds), '-fs', String(options.maxBytes)],
      ...['-id3v2_version', '0', '-write_xing', '1', '-f', 'mp3'],
    ],
    outputPath: options.output,
  });
}

export interface DecodeOptions extends Omit<EncodeOptions, 'output' | 'quality' | 'maxBytes'> {
  /** The file descriptor that the samples are written to: 32-bit floats, interleaved. */
  readonly pipe: number;
}

/** Decodes and trims, as {@link encodeWholeArgv} does before its encoder. */
export function decodeArgv(options: DecodeOptions): readonly string[] {
  return build({
    input: options.input,
    demuxer: options.demuxer,
    filters: trimFilters(options.trim),
    output: [
      ...['-map', `0:a:${options.track}`, '-c:a', 'pcm_f32le'],
      ...['-ar', String(options.sampleRate), '-ac', String(options.channels)],
      ...['-t', String(options.maxSeconds), '-f', 'f32le'],
    ],
    outputPath: `pipe:${options.pipe}`,
  });
}

export interface EncodeSegmentOptions extends Pick<EncodeOptions, 'quality' | 'sampleRate' | 'channels' | 'maxBytes'> {
  /** Absolute path of samples as {@link decodeArgv} writes them, or `pipe:0`. */
  readonly input: string;
  readonly output: string;
}

/** Makes bare frames of samples. What it reads is ours, whatever the source was. */
export function encodeSegmentArgv(options: EncodeSegmentOptions): readonly string[] {
  const { sampleRate, channels } = options;
  return [
    ...safeOptions,
    ...['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels), '-i', options.input],
    ...cleanOptions,
    ...lameOptions(options.quality),
    ...['-fs', String(options.maxBytes)],
    ...['-id3v2_version', '0', '-write_xing', '0', '-f', 'mp3', options.output],
  ];
}

/** Without the bit reservoir, which ties a frame to those before it: it is given back when the segments are joined. */
function lameOptions(quality: Settings['quality']): readonly string[] {
  const rate = quality.mode === 'vbr' ? ['-q:a', String(quality.level)] : ['-b:a', `${quality.kbps}k`];
  return ['-c:a', 'libmp3lame', ...rate, '-reservoir', '0'];
}

function trimFilters(trim: SampleTrim | null): readonly string[] {
  if (trim === null) return [];
  const end = trim.endSample === null ? '' : `:end_sample=${trim.endSample}`;
  return [`atrim=start_sample=${trim.startSample}${end}`, 'asetpts=PTS-STARTPTS'];
}

/** Asks for what is needed and no more: a file can hold megabytes of tags. */
export function probeArgv(options: { readonly input: string; readonly demuxer: Demuxer }): readonly string[] {
  const stream = 'index,codec_type,codec_name,codec_tag_string,sample_rate,channels,start_time,duration';
  return [
    ...['-hide_banner', '-v', 'warning'],
    ...inputOptions(options.demuxer),
    ...[
      '-show_entries',
      `format=duration,start_time:stream=${stream}:stream_disposition=default:stream_side_data=side_data_type`,
    ],
    ...['-of', 'json', '-i', options.input],
  ];
}
