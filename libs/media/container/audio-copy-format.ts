import type { Demuxer } from './demuxer.ts';

/**
 * Where one audio track can be copied out and then decodes to the very same samples, priming and timestamps included:
 * ffmpeg's muxer by codec. Only what the specs prove is in here; for the rest the source itself is passed on. Files of
 * audio alone are passed on as well: there is nothing to leave out.
 */
const proven: Readonly<Partial<Record<Demuxer, Readonly<Record<string, string>>>>> = {
  mov: {
    aac: 'mp4',
    mp3: 'mp4',
    ac3: 'mp4',
    eac3: 'mp4',
    flac: 'mp4',
    opus: 'mp4',
    alac: 'mov',
    pcm_s16le: 'mov',
    pcm_s24le: 'mov',
    adpcm_ima_qt: 'mov',
  },
  matroska: {
    aac: 'matroska',
    ac3: 'matroska',
    dts: 'matroska',
    eac3: 'matroska',
    flac: 'matroska',
    mp3: 'matroska',
    opus: 'matroska',
    pcm_s16le: 'matroska',
    truehd: 'matroska',
    vorbis: 'matroska',
  },
  avi: { mp3: 'avi', ac3: 'avi', pcm_s16le: 'avi' },
  flv: { aac: 'flv', mp3: 'flv' },
  mpegts: { aac: 'mpegts', mp2: 'mpegts', mp3: 'mpegts', ac3: 'mpegts', opus: 'mpegts' },
  mpeg: { mp2: 'vob', mp3: 'vob' },
  ogg: { vorbis: 'ogg', opus: 'ogg', flac: 'ogg' },
};

/** ffmpeg's muxer, or null where the source itself has to be passed on. */
export function audioCopyMuxer(demuxer: Demuxer, codec: string): string | null {
  const codecs = proven[demuxer];
  return codecs !== undefined && Object.hasOwn(codecs, codec) ? (codecs[codec] ?? null) : null;
}
