import { stat } from 'node:fs/promises';
import type { Settings, Source } from '#contracts';
import { isCutOff } from './container/cut-off.ts';
import type { Demuxer } from './container/demuxer.ts';
import { flvEndSeconds } from './container/flv-end.ts';
import { isEncryptedEntry, type MovAudioTrack, readMovAudioTracks } from './container/mov-tracks.ts';
import { sniffContainer } from './container/sniff.ts';
import { copyAudio } from './copy-audio.ts';
import type { MediaJob } from './job.ts';
import { failure, type Inspected, type MediaFailure } from './outcome.ts';
import { planSegments } from './plan.ts';
import { chooseTrack } from './probe/choose-track.ts';
import { type Probed, type ProbedStream, probe } from './probe/probe.ts';
import { endsTooSoon, trackEndsTooSoon } from './tolerance.ts';

export interface InspectJob extends MediaJob {
  /** Absolute path of the upload's bytes, which are only read. */
  readonly inputPath: string;
  readonly settings: Settings;
  /** How many segments can be encoded at once; by default one. */
  readonly encoders?: number;
}

/**
 * Finds out what an upload is, refuses what cannot be converted, and copies its audio out.
 * @throws the signal's reason, when aborted
 */
export async function inspectSource(job: InspectJob): Promise<Inspected | MediaFailure> {
  const { inputPath, settings, limits } = job;
  job.signal.throwIfAborted();
  const demuxer = await sniffContainer(inputPath);
  if (demuxer === null) {
    const { size } = await stat(inputPath);
    return failure(
      'not-media',
      size === 0 ? 'The file is empty.' : 'The first bytes are of no container that is read.',
    );
  }
  if (await isCutOff(inputPath, demuxer)) return failure('truncated', 'The container says that the file is longer.');

  const probing = await probe(job, inputPath, demuxer);
  if (!probing.ok) return probing;
  const chosen = chooseTrack(probing.probed, settings);
  if (!chosen.ok) return chosen;
  const { audio, stream } = chosen;
  const movTrack = demuxer === 'mov' ? await movTrackOf(inputPath, audio.track, chosen.tracks) : null;
  if (movTrack !== null && isEncryptedEntry(movTrack)) return failure('encrypted', 'The audio track is encrypted.');

  const declared = declaredSeconds(demuxer, probing.probed, stream);
  if (declared !== null && declared.seconds > limits.maxDurationSeconds) {
    return failure(
      'too-long',
      `The media lasts ${Math.round(declared.seconds)} s; the limit is ${limits.maxDurationSeconds} s.`,
    );
  }
  const copied = await copyAudio(job, {
    inputPath,
    demuxer,
    codec: audio.codec,
    track: audio.track,
    streamIndex: stream.index,
    durationSeconds: declared?.seconds ?? null,
    // What lies between two edits is dropped by the decoder, but a copy would carry its first packets along.
    copyable: movTrack === null || movTrack.edits <= 2,
  });
  if (!copied.ok) return copied;
  if (copied.endSeconds === null) return failure('no-audio', 'The audio track is empty.');

  const start = Math.max(0, (stream.start_time ?? 0) - (probing.probed.format.start_time ?? 0));
  const measured = Math.max(0, copied.endSeconds - start);
  if (declared !== null && (await isTooShort(inputPath, demuxer, measured, declared))) {
    return failure('truncated', `The audio ends after ${measured.toFixed(1)} s of ${declared.seconds.toFixed(1)} s.`);
  }
  const durationSeconds = declared?.ofTrack === true ? declared.seconds : measured;
  const source: Source = { container: demuxer, durationSeconds, audio };
  return { ok: true, source, plan: planSegments(settings, source, job.encoders ?? 1), audioPath: copied.audioPath };
}

interface Declared {
  readonly seconds: number;
  /** Of the audio track itself, and not of the longest of all. */
  readonly ofTrack: boolean;
}

async function isTooShort(path: string, demuxer: Demuxer, measured: number, declared: Declared): Promise<boolean> {
  if (declared.ofTrack) return trackEndsTooSoon(measured, declared.seconds);
  if (demuxer !== 'flv' || !endsTooSoon(measured, declared.seconds)) return false;
  const lastTag = await flvEndSeconds(path);
  return lastTag === null || endsTooSoon(lastTag, declared.seconds);
}

async function movTrackOf(path: string, track: number, count: number): Promise<MovAudioTrack | null> {
  const tracks = await readMovAudioTracks(path);
  // Where our count is not ffprobe's the numbers do not match: then one encrypted track speaks for all.
  if (tracks.length !== count) return tracks.find(isEncryptedEntry) ?? null;
  return tracks[track] ?? null;
}

/** Containers that say how long each track is; what others say is an estimate or the longest of all tracks. */
const durationOfTrack: ReadonlySet<Demuxer> = new Set(['mov', 'wav', 'flac']);
/** Containers whose duration ffprobe only guesses, from the bit rate or the last timestamps. */
const durationGuessed: ReadonlySet<Demuxer> = new Set(['mp3', 'aac', 'mpegts', 'mpeg']);

function declaredSeconds(demuxer: Demuxer, probed: Probed, stream: ProbedStream): Declared | null {
  if (durationGuessed.has(demuxer)) return null;
  if (durationOfTrack.has(demuxer) && stream.duration !== undefined) return { seconds: stream.duration, ofTrack: true };
  const seconds = probed.format.duration;
  return seconds === undefined ? null : { seconds, ofTrack: false };
}
