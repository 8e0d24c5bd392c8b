import { isCutOff } from './container/cut-off.ts';
import type { Demuxer } from './container/demuxer.ts';
import { sniffContainer } from './container/sniff.ts';
import type { EncodeJob } from './encode-job.ts';
import { failure, type MediaFailure } from './outcome.ts';
import { probe } from './probe/probe.ts';

interface OpenedAudio {
  readonly ok: true;
  readonly demuxer: Demuxer;
  /** Which of its audio tracks. */
  readonly track: number;
}

/** How the audio is to be read: its bytes may have changed since they were inspected. */
export async function openAudio(job: EncodeJob): Promise<OpenedAudio | MediaFailure> {
  const { audioPath, source } = job;
  const demuxer = await sniffContainer(audioPath);
  if (demuxer === null) return failure('not-media', 'The audio is in no container that is read.');
  if (await isCutOff(audioPath, demuxer)) return failure('truncated', 'The container says that the file is longer.');
  const probing = await probe(job, audioPath, demuxer);
  if (!probing.ok) return probing;
  // A copy holds one track; the source itself holds them all.
  const tracks = probing.probed.streams.filter((stream) => stream.codec_type === 'audio').length;
  return { ok: true, demuxer, track: tracks > 1 ? source.audio.track : 0 };
}
