import { createParser } from 'eventsource-parser';
import type { HistoryEvent } from './documents.ts';
import { backoff } from './pause.ts';
import { ServerUnreachable } from './problem.ts';
import type { Transport } from './transport.ts';

export interface EventsOptions {
  /** The last revision that is known already. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** A server that says nothing for this long, not even that it is there (every 15 s), is gone. */
const silenceMilliseconds = 45_000;
/** Connections in a row that bring nothing, before it is given up. */
const fruitlessConnections = 8;
const last = /\.(completed|failed|cancelled|deleted)\.v\d+$/;

/** A conversion's events, live, each once and in order, until its last; goes on after lost connections. */
export async function* conversionEvents(
  transport: Transport,
  id: string,
  { after = -1, signal }: EventsOptions,
): AsyncGenerator<HistoryEvent, void, void> {
  let seen = after;
  for (let fruitless = 0; ; fruitless += 1) {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (seen >= 0) headers['last-event-id'] = String(seen);
    const response = await transport.call(`/v1/conversions/${encodeURIComponent(id)}/events`, { headers, signal });
    // Nothing follows the last event.
    if (response.status === 204) return;
    let lost: unknown = new Error('the connection ended too early, again and again');
    try {
      for await (const event of eventsIn(response, transport, signal)) {
        if (event.revision <= seen) continue;
        seen = event.revision;
        fruitless = 0;
        yield event;
        if (last.test(event.type)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      lost = error;
    }
    if (fruitless >= fruitlessConnections) throw new ServerUnreachable(transport.url, lost);
    await transport.pause(backoff(fruitless), signal);
  }
}

async function* eventsIn(
  response: Response,
  transport: Transport,
  signal: AbortSignal | undefined,
): AsyncGenerator<HistoryEvent, void, void> {
  if (response.body === null) return;
  const complete: HistoryEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => complete.push(JSON.parse(data) as HistoryEvent) });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const silence = new AbortController();
      const over = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
      const isSilent = transport.pause(silenceMilliseconds, over).then(
        () => true,
        () => false,
      );
      const read = await Promise.race([reader.read(), isSilent]);
      silence.abort();
      if (typeof read === 'boolean') {
        signal?.throwIfAborted();
        throw new Error(`nothing came for ${silenceMilliseconds / 1_000} seconds`);
      }
      if (read.done) return;
      parser.feed(read.value);
      yield* complete.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
