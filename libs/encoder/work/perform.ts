import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { BlobMissing, Blobs } from '#blobs';
import { Config } from '#config';
import type { TaskKind, TaskReport, TaskWork } from '#contracts';
import {
  defaultLimits,
  encodeRange,
  inspectSource,
  joinSegments,
  type MediaFailure,
  type MediaJob,
  type MediaProgress,
  Permits,
} from '#media';
import { EncoderEngine } from './encoder-engine.ts';

/** The job's own limits are in the media library; the store takes what these let through. */
const maxBytes = Number.MAX_SAFE_INTEGER;

/** What a task led to: everything of its report but the envelope. */
export type Result = Exclude<
  {
    [R in TaskReport as R['type']]: { readonly type: R['type']; readonly data: Omit<R['data'], 'taskId'> };
  }[TaskReport['type']],
  { type: 'RecordTaskStarted' | 'RecordTaskFailed' }
>;

export type SegmentResult = Extract<Result, { type: 'RecordSegment' }>;

export interface Circumstances {
  /** Fresh, and removed afterwards by the caller. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MediaProgress) => void;
  /** Called for every segment but the last, which is the task's result. */
  readonly onSegment: (result: SegmentResult) => Promise<void>;
}

type WorkOf<K extends TaskKind> = Extract<TaskWork, { kind: K }>;

/** Does a task. What the media is to blame for comes back as a failure; what the surroundings are to blame for is thrown. */
@Injectable()
export class Perform {
  /** However many conversions are worked on, no more encoders run than there are slots; and one alone may have them all. */
  readonly #encoders: Permits;

  constructor(
    private readonly blobs: Blobs,
    private readonly tools: EncoderEngine,
    private readonly config: Config,
  ) {
    this.#encoders = new Permits(config.encoderConcurrency);
  }

  async perform(work: TaskWork, circumstances: Circumstances): Promise<Result | MediaFailure> {
    try {
      switch (work.kind) {
        case 'inspect':
          return await this.#inspect(work, circumstances);
        case 'encode':
          return await this.#encode(work, circumstances);
        case 'join':
          return await this.#join(work, circumstances);
      }
    } catch (error) {
      if (!(error instanceof BlobMissing)) throw error;
      return { ok: false, code: 'source-missing', detail: '', retryable: false };
    }
  }

  /** Nobody was told of these bytes, and nobody will be. */
  async discard({ type, data }: TaskReport): Promise<void> {
    if (type === 'RecordInspected') await this.blobs.remove(data.audio.key);
    if (type === 'RecordSegment') await this.blobs.remove(data.blob.key);
    if (type === 'RecordOutput') await this.blobs.remove(data.output.blob.key);
  }

  async #inspect(work: WorkOf<'inspect'>, circumstances: Circumstances): Promise<Result | MediaFailure> {
    const inputPath = await this.blobs.place(work.source, circumstances.folder);
    const encoders = this.#encoders.count;
    const inspected = await inspectSource({
      ...this.#job(circumstances),
      inputPath,
      settings: work.settings,
      encoders,
    });
    if (!inspected.ok) return inspected;
    const audio = await this.#keep(inspected.audioPath, circumstances.signal);
    const { source, plan } = inspected;
    return { type: 'RecordInspected', data: { engine: this.tools.description.id, source, audio, plan } };
  }

  async #encode(work: WorkOf<'encode'>, circumstances: Circumstances): Promise<Result | MediaFailure> {
    const audioPath = await this.blobs.place(work.audio, circumstances.folder);
    const { source, plan, settings, range } = work;
    const encoded = new Set(work.encoded);
    const { length: missing } = Array.from({ length: range.count }, (_, n) => range.first + n).filter(
      (index) => !encoded.has(index),
    );
    const results: SegmentResult[] = [];
    const failed = await encodeRange({
      ...{ ...this.#job(circumstances), audioPath, source, plan, settings, range, encoded },
      permits: this.#encoders,
      onSegment: async ({ index, samples, frames }) => {
        const blob = await this.blobs.write(frames, { maxBytes, signal: circumstances.signal });
        const data = { engine: this.tools.description.id, index, blob, samples };
        results.push({ type: 'RecordSegment', data });
        if (results.length < missing) await circumstances.onSegment({ type: 'RecordSegment', data });
      },
    });
    if (failed !== null) return failed;
    const last = results.at(-1);
    if (last === undefined) throw new Error('a task was begun whose segments are all there');
    return last;
  }

  async #join(
    { plan, settings, segments }: WorkOf<'join'>,
    circumstances: Circumstances,
  ): Promise<Result | MediaFailure> {
    const { folder, signal } = circumstances;
    const { limits } = this.#job(circumstances);
    const joined = await joinSegments({
      ...{ folder, signal, settings, maxBytes: limits.maxOutputBytes },
      segments: segments.map(({ blob, samples }) => ({ samples, open: () => this.blobs.open(blob) })),
      encoder: `LAME${this.tools.description.libmp3lame ?? ''}`,
    });
    if (!joined.ok) return joined;
    const blob = await this.blobs.adopt(joined.outputPath, { maxBytes, signal });
    const { samples, encoderDelay, encoderPadding } = joined;
    const { sampleRate, channels } = plan;
    const durationSeconds = samples / sampleRate;
    const output = { blob, samples, sampleRate, channels, durationSeconds, encoderDelay, encoderPadding };
    return { type: 'RecordOutput', data: { output } };
  }

  #keep(path: string, signal: AbortSignal) {
    return this.blobs.write(createReadStream(path), { maxBytes, signal });
  }

  #job({ folder, signal, onProgress }: Circumstances): MediaJob {
    const { maxDurationSeconds } = this.config;
    return { engine: this.tools.engine, folder, limits: { ...defaultLimits, maxDurationSeconds }, signal, onProgress };
  }
}
