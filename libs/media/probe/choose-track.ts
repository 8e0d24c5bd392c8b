import type { Settings, Source } from '#contracts';
import { failure, type MediaFailure } from '../outcome.ts';
import type { Probed, ProbedStream } from './probe.ts';

export interface ChosenTrack {
  readonly ok: true;
  readonly stream: ProbedStream;
  readonly audio: Source['audio'];
  /** How many audio tracks the file has. */
  readonly tracks: number;
}

/** The track that the settings name, else the one marked as default, else the first. */
export function chooseTrack(probed: Probed, settings: Settings): ChosenTrack | MediaFailure {
  const streams = probed.streams.filter((stream) => stream.codec_type === 'audio');
  const marked = streams.findIndex((stream) => stream.disposition?.default === 1);
  const track = settings.audioTrack ?? Math.max(marked, 0);
  const stream = streams[track];
  if (stream === undefined) {
    return failure(
      'no-audio',
      streams.length === 0
        ? 'The file has no audio track.'
        : `The file has ${streams.length} audio track${streams.length === 1 ? '' : 's'}; track ${track} (counted from 0) is not there.`,
    );
  }
  if (isEncrypted(stream)) return failure('encrypted', 'The audio track is encrypted.');
  const { codec_name: codec, sample_rate: sampleRate, channels } = stream;
  if (codec === undefined || codec === 'unknown' || codec === 'none') {
    return failure('unknown-codec', `The audio track is in an unknown codec (${stream.codec_tag_string ?? 'no tag'}).`);
  }
  if (sampleRate === undefined || sampleRate <= 0 || channels === undefined || channels <= 0) {
    return failure('unknown-codec', `The audio track (${codec}) could not be read far enough to know its format.`);
  }
  return { ok: true, stream, tracks: streams.length, audio: { codec, sampleRate, channels, track } };
}

/** Matroska's ContentEncryption and MP4's `pssh`, as ffprobe tells of them; sample entries are looked at elsewhere. */
function isEncrypted(stream: ProbedStream): boolean {
  return stream.side_data_list?.some((data) => data.side_data_type?.startsWith('Encryption') === true) === true;
}
