import type { Window } from './windows.ts';

/** Where a window's PCM goes. What `write` and `end` wait for holds the decoder back. */
export interface Sink {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

interface Open {
  readonly window: Window;
  readonly sink: Sink;
}

export interface Distributed {
  /** Bytes that were read. */
  readonly bytes: number;
  /** False: it was left before its end, because nobody wanted more. */
  readonly isWhole: boolean;
}

/**
 * Gives each window its part of the PCM, as it comes; neighbours overlap. Reads no further than the last window's end.
 */
export async function distribute(
  pcm: AsyncIterable<Buffer>,
  windows: readonly Window[],
  open: (window: Window) => Promise<Sink>,
): Promise<Distributed> {
  const waiting = [...windows];
  let opened: readonly Open[] = [];
  let position = 0;
  const openThose = async (isDue: (window: Window) => boolean) => {
    for (let next = waiting[0]; next !== undefined && isDue(next); next = waiting[0]) {
      waiting.shift();
      opened = [...opened, { window: next, sink: await open(next) }];
    }
  };
  for await (const chunk of pcm) {
    const end = position + chunk.length;
    await openThose(({ from }) => from < end);
    for (const { window, sink } of opened) {
      const part = chunk.subarray(Math.max(0, window.from - position), Math.min(chunk.length, window.to - position));
      if (part.length > 0) await sink.write(part);
      if (window.to <= end) await sink.end();
    }
    opened = opened.filter(({ window }) => window.to > end);
    position = end;
    if (waiting.length === 0 && opened.length === 0) return { bytes: position, isWhole: false };
  }
  // Planned by an estimate: what begins after the music's end gets nothing.
  await openThose(() => true);
  for (const { sink } of opened) await sink.end();
  return { bytes: position, isWhole: true };
}
