/** The containers that mixdown reads, by the name of ffmpeg's demuxer. */
export const demuxers = [
  'mov',
  'matroska',
  'avi',
  'flv',
  'mpegts',
  'mpeg',
  'ogg',
  'wav',
  'mp3',
  'flac',
  'aac',
] as const;
export type Demuxer = (typeof demuxers)[number];
