/** How each kind of test media is made: the extension, and ffmpeg's output arguments. Stereo noise, so that every sample counts. */
export interface Recipe {
  readonly extension: string;
  readonly video: readonly string[] | null;
  readonly audio: readonly string[] | null;
  readonly sampleRate: number;
  readonly output?: readonly string[];
}

const mpeg4 = ['-c:v', 'mpeg4'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'];
const aac = ['-c:a', 'aac'];

export const recipes = {
  'mp4-aac': { extension: 'mp4', video: mpeg4, audio: aac, sampleRate: 44_100, output: ['-movflags', '+faststart'] },
  // The muxer of 2018 knows ALAC in Apple’s flavour of MP4 alone.
  'mp4-alac': { extension: 'mp4', video: mpeg4, audio: ['-c:a', 'alac'], sampleRate: 44_100, output: ['-f', 'ipod'] },
  'mp4-opus': { extension: 'mp4', video: mpeg4, audio: ['-c:a', 'libopus'], sampleRate: 48_000 },
  'mp4-fragmented': {
    extension: 'mp4',
    video: mpeg4,
    audio: aac,
    sampleRate: 44_100,
    output: ['-movflags', '+frag_keyframe+empty_moov'],
  },
  'mp4-encrypted': {
    extension: 'mp4',
    video: mpeg4,
    audio: aac,
    sampleRate: 44_100,
    output: [
      ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
      ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'],
    ],
  },
  'mp4-no-audio': { extension: 'mp4', video: mpeg4, audio: null, sampleRate: 44_100 },
  'm4a-aac': { extension: 'm4a', video: null, audio: aac, sampleRate: 44_100 },
  'mov-pcm': { extension: 'mov', video: mpeg4, audio: ['-c:a', 'pcm_s16le'], sampleRate: 44_100 },
  'mov-pcm24-96k': { extension: 'mov', video: mpeg4, audio: ['-c:a', 'pcm_s24le'], sampleRate: 96_000 },
  'mkv-opus': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'libopus'], sampleRate: 48_000 },
  'mkv-aac': { extension: 'mkv', video: mpeg4, audio: aac, sampleRate: 44_100 },
  'mkv-ac3': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'ac3'], sampleRate: 48_000 },
  'mkv-eac3': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'eac3'], sampleRate: 48_000 },
  'mkv-flac': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'flac'], sampleRate: 48_000 },
  'mkv-mp3': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'libmp3lame'], sampleRate: 44_100 },
  'mkv-dts': { extension: 'mkv', video: mpeg4, audio: ['-c:a', 'dca'], sampleRate: 48_000 },
  'webm-vorbis': { extension: 'webm', video: vp8, audio: ['-c:a', 'libvorbis'], sampleRate: 44_100 },
  'avi-mp3': { extension: 'avi', video: mpeg4, audio: ['-c:a', 'libmp3lame'], sampleRate: 44_100 },
  'avi-aac': { extension: 'avi', video: mpeg4, audio: aac, sampleRate: 44_100 },
  'flv-aac': { extension: 'flv', video: ['-c:v', 'flv1'], audio: aac, sampleRate: 44_100 },
  'ts-aac': { extension: 'ts', video: ['-c:v', 'mpeg2video'], audio: aac, sampleRate: 48_000 },
  'mpg-mp2': { extension: 'mpg', video: ['-c:v', 'mpeg2video'], audio: ['-c:a', 'mp2'], sampleRate: 48_000 },
  'mpg-ac3': { extension: 'mpg', video: ['-c:v', 'mpeg2video'], audio: ['-c:a', 'ac3'], sampleRate: 48_000 },
  'ogg-vorbis': { extension: 'ogg', video: null, audio: ['-c:a', 'libvorbis'], sampleRate: 44_100 },
  'ogv-vorbis': { extension: 'ogv', video: ['-c:v', 'libtheora'], audio: ['-c:a', 'libvorbis'], sampleRate: 48_000 },
  wav: { extension: 'wav', video: null, audio: ['-c:a', 'pcm_s16le'], sampleRate: 44_100 },
  flac: { extension: 'flac', video: null, audio: ['-c:a', 'flac'], sampleRate: 44_100 },
  mp3: { extension: 'mp3', video: null, audio: ['-c:a', 'libmp3lame'], sampleRate: 44_100 },
  adts: { extension: 'aac', video: null, audio: aac, sampleRate: 44_100 },
} as const satisfies Record<string, Recipe>;

export type MediaKind = keyof typeof recipes;
export const mediaKinds = Object.keys(recipes) as MediaKind[];
