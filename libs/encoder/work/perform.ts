import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { BlobMissing, Blobs } from '#blobs';
import { Config } from '#config';
import type { TaskKind, TaskReport, TaskWork } from '#contracts';
import {
  defaultLimits,
  encodeWhole,
  inspectSource,
  type MediaFailure,
  type MediaJob,
  type MediaProgress,
  readEncoderGaps,
} from '#media';
import { EncoderEngine } from './encoder-engine.ts';

/** What a task led to: everything of its report but the envelope. */
export type Result = Exclude<
  {
    [R in TaskReport as R['type']]: { readonly type: R['type']; readonly data: Omit<R['data'], 'taskId'> };
  }[TaskReport['type']],
  { type: 'RecordTaskStarted' | 'RecordTaskFailed' }
>;

export interface Circumstances {
  /** Fresh, and removed afterwards by the caller. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MediaProgress) => void;
}

type WorkOf<K extends TaskKind> = Extract<TaskWork, { kind: K }>;

/** Does a task. What the media is to blame for comes back as a failure; what the surroundings are to blame for is thrown. */
@Injectable()
export class Perform {
  constructor(
    private readonly blobs: Blobs,
    private readonly tools: EncoderEngine,
    private readonly config: Config,
  ) {}

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
  }

  async #inspect(work: WorkOf<'inspect'>, circumstances: Circumstances): Promise<Result | MediaFailure> {
    const inputPath = await this.blobs.place(work.source, circumstances.folder);
    const inspected = await inspectSource({ ...this.#job(circumstances), inputPath, settings: work.settings });
    if (!inspected.ok) return inspected;
    const audio = await this.#keep(inspected.audioPath, circumstances.signal);
    const { source, plan } = inspected;
    return { type: 'RecordInspected', data: { engine: this.tools.description.id, source, audio, plan } };
  }

  async #encode(work: WorkOf<'encode'>, circumstances: Circumstances): Promise<Result | MediaFailure> {
    const audioPath = await this.blobs.place(work.audio, circumstances.folder);
    const { source, plan, settings, range } = work;
    const encoded = await encodeWhole({ ...this.#job(circumstances), audioPath, source, plan, settings });
    if (!encoded.ok) return encoded;
    const blob = await this.#keep(encoded.outputPath, circumstances.signal);
    const engine = this.tools.description.id;
    return { type: 'RecordSegment', data: { engine, index: range.first, blob, samples: encoded.samples } };
  }

  /** A plan of one segment has nothing to join: its segment, gapless header and all, is the output. */
  async #join({ plan, segments }: WorkOf<'join'>, { folder }: Circumstances): Promise<Result> {
    const [segment, ...others] = segments;
    if (segment === undefined || others.length > 0) throw new Error('this version encodes in one segment only');
    const { blob, samples } = segment;
    const { sampleRate, channels } = plan;
    const gaps = await readEncoderGaps(await this.blobs.place(blob, folder));
    const output = { blob, samples, sampleRate, channels, durationSeconds: samples / sampleRate, ...gaps };
    return { type: 'RecordOutput', data: { output } };
  }

  #keep(path: string, signal: AbortSignal) {
    return this.blobs.write(createReadStream(path), { maxBytes: Number.MAX_SAFE_INTEGER, signal });
  }

  #job({ folder, signal, onProgress }: Circumstances): MediaJob {
    const { maxDurationSeconds } = this.config;
    return { engine: this.tools.engine, folder, limits: { ...defaultLimits, maxDurationSeconds }, signal, onProgress };
  }
}
