import type { Clock } from '#clock';
import { crashPoint } from '#crash-points';
import type { Group } from './group.ts';
import type { GroupCheckpoints, LogTopic } from './log-topic.ts';

/** Messages of one group that are being handled at the same time, at most. */
const maxInFlight = 256;
const pauseMilliseconds = 500;

interface InFlight {
  readonly offset: string;
  isDone: boolean;
}

/** Brings a log to a group, from the group's checkpoint on, which follows behind what has been handled. */
export class LogReader {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #inFlight: InFlight[] = [];
  #progressed = Promise.withResolvers<void>();
  #handledUpTo: string | null = null;
  #saving: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly topic: string,
    private readonly from: 'beginning' | 'end',
    private readonly log: LogTopic,
    private readonly checkpoints: GroupCheckpoints,
    private readonly group: Group,
    private readonly clock: Clock,
  ) {
    this.#running = this.#keepReading();
  }

  /** Reads no further, and keeps where the group is by now. Call it when the group has put down its work. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#progressed.resolve();
    await this.#running;
    await this.#saving;
  }

  async #keepReading(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#read(signal);
      } catch {
        // The log or the checkpoint is away; whatever was in flight comes again, which handlers expect.
        this.#inFlight = [];
        await this.clock.sleep(pauseMilliseconds, signal);
      }
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    let after = await this.checkpoints.load(this.name, this.topic);
    if (after === null && this.from === 'end') after = await this.log.head();
    for await (const item of this.log.read(after, signal)) {
      if ('caughtUp' in item) continue;
      const inFlight: InFlight = { offset: item.offset, isDone: false };
      this.#inFlight.push(inFlight);
      // Through JSON, as on any bus.
      const message = JSON.parse(JSON.stringify(item.message)) as typeof item.message;
      this.group.take({ message, done: () => this.#done(inFlight) });
      while (this.#inFlight.length >= maxInFlight && !signal.aborted) await this.#progressed.promise;
    }
  }

  /** The checkpoint never passes a message that has not been handled, however long the others are done. */
  #done(inFlight: InFlight): void {
    inFlight.isDone = true;
    while (this.#inFlight[0]?.isDone === true) this.#handledUpTo = this.#inFlight.shift()?.offset ?? null;
    this.#progressed.resolve();
    this.#progressed = Promise.withResolvers();
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
  }

  /** Those that are handled while a checkpoint is being saved share the next one. */
  async #save(): Promise<void> {
    let saved: string | null = null;
    while (this.#handledUpTo !== null && this.#handledUpTo !== saved) {
      saved = this.#handledUpTo;
      crashPoint('events.handled-before-checkpoint');
      try {
        await this.checkpoints.save(this.name, this.topic, saved);
      } catch {
        // An old checkpoint only means that some messages come again.
        await this.clock.sleep(pauseMilliseconds, this.#stop.signal);
        if (this.#stop.signal.aborted) return;
        saved = null;
      }
    }
  }
}
