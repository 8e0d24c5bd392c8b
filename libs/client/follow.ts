import { type Conversion, hasEnded, type Live } from './documents.ts';
import { conversionEvents, type EventsOptions } from './event-stream.ts';
import { quiet, socketMessages } from './live-socket.ts';
import { backoff } from './pause.ts';
import { MixdownProblem, type ProblemDocument } from './problem.ts';
import type { Transport } from './transport.ts';

type Message =
  | (Conversion & { readonly type: 'conversion' })
  | Extract<Live, { type: 'progress' }>
  | { readonly type: 'deleted'; readonly id: string }
  | { readonly type: 'problem'; readonly problem: ProblemDocument };

/** Connections in a row that bring nothing: there is no WebSocket on the way to this server. */
const fruitlessSockets = 2;
/** How often progress is asked for where it is not sent. */
const askMilliseconds = 1_000;

/** What the way of following has seen. */
interface Seen {
  revision: number;
}

/**
 * A conversion until it has ended: its status whenever an event has changed it, and its progress in between. By
 * WebSocket, or where that does not get through by server-sent events.
 */
export async function* follow(
  transport: Transport,
  WebSocket: typeof globalThis.WebSocket | undefined,
  id: string,
  { after = -1, signal }: EventsOptions,
): AsyncGenerator<Live, void, void> {
  const seen: Seen = { revision: after };
  for (let fruitless = 0; WebSocket !== undefined && fruitless < fruitlessSockets; fruitless += 1) {
    if (transport.session.isAboutToExpire) await transport.session.renew(transport.session.bearer);
    for await (const live of bySocket(transport, WebSocket, id, seen, signal)) {
      fruitless = -1;
      yield live;
      if (live.type === 'conversion' && hasEnded(live.conversion)) return;
    }
    // Closed: the server restarts (1012), this reader was too slow (1013), the token is over, or the way is cut.
    await transport.pause(backoff(Math.max(0, fruitless)), signal);
  }
  yield* byEvents(transport, id, seen, signal);
}

async function* bySocket(
  transport: Transport,
  WebSocket: typeof globalThis.WebSocket,
  id: string,
  seen: Seen,
  signal: AbortSignal | undefined,
): AsyncGenerator<Live, void, void> {
  const url = `${transport.url.replace(/^http/, 'ws')}/v1/live`;
  // The first that is wanted; without it the status as it is now is told first.
  const from = seen.revision < 0 ? {} : { fromRevision: seen.revision + 1 };
  const { bearer } = transport.session;
  const subscription = { subscribe: { conversion: id, ...from } };
  const { pause } = transport;
  for await (const message of socketMessages({ WebSocket, url, bearer, subscription, pause, signal })) {
    if (message === quiet) {
      const conversion = await statusOf(transport, id, signal);
      if (conversion.revision <= seen.revision) continue;
      seen.revision = conversion.revision;
      yield { type: 'conversion', conversion };
      // Word of it should have come: whoever is at the other end has gone.
      return;
    }
    if (!isMessage(message)) continue;
    switch (message.type) {
      case 'problem':
        if (message.problem.status === 401 && (await transport.session.renew(bearer))) return;
        throw new MixdownProblem(message.problem, null);
      case 'deleted':
        // There is a problem for that, and whoever asks gets it.
        if (message.id === id) await statusOf(transport, id, signal);
        break;
      case 'progress':
        if (message.id === id) yield message;
        break;
      case 'conversion': {
        const { type: _, ...conversion } = message;
        if (conversion.id !== id || conversion.revision <= seen.revision) break;
        seen.revision = conversion.revision;
        yield { type: 'conversion', conversion };
      }
    }
  }
}

async function* byEvents(
  transport: Transport,
  id: string,
  seen: Seen,
  signal: AbortSignal | undefined,
): AsyncGenerator<Live, void, void> {
  const over = new AbortController();
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const events = conversionEvents(transport, id, { after: seen.revision, signal: either });
  let progress = -1;
  let next = events.next();
  try {
    for (;;) {
      // What goes wrong there is seen when it is waited for.
      next.catch(() => undefined);
      const conversion = await statusOf(transport, id, signal);
      if (conversion.revision > seen.revision) {
        seen.revision = conversion.revision;
        yield { type: 'conversion', conversion };
      } else if (conversion.progress !== progress) {
        yield { type: 'progress', id, progress: conversion.progress, eta: conversion.eta };
      }
      progress = conversion.progress;
      if (hasEnded(conversion)) return;
      if (await happens(next, transport, either)) next = events.next();
    }
  } finally {
    over.abort();
    await events.return();
  }
}

/** @returns false when it is time to ask for progress */
async function happens(next: Promise<unknown>, { pause }: Transport, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const waited = pause(askMilliseconds, AbortSignal.any([signal, over.signal])).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([next.then(() => true), waited]);
  } finally {
    over.abort();
  }
}

function statusOf(transport: Transport, id: string, signal: AbortSignal | undefined): Promise<Conversion> {
  return transport.json<Conversion>(`/v1/conversions/${encodeURIComponent(id)}`, { signal });
}

/** Messages of kinds that this version does not know are no matter to it. */
function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    ['conversion', 'progress', 'deleted', 'problem'].includes(String(value.type))
  );
}
