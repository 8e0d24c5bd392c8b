import type { Message } from '../bus.ts';

/** A topic that is kept elsewhere, in order and for ever: each group reads it from its own checkpoint. */
export interface LogTopic {
  /** What is there after the offset (null: from the beginning), then what comes; ends when the signal is aborted. */
  read(
    after: string | null,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly message: Message; readonly offset: string } | { readonly caughtUp: string | null }>;
  /** Offset of the last message; null while there is none. */
  head(): Promise<string | null>;
}

/** Where each group is in each log topic: everything up to there has been handled. */
export interface GroupCheckpoints {
  load(group: string, topic: string): Promise<string | null>;
  save(group: string, topic: string, offset: string): Promise<void>;
}
