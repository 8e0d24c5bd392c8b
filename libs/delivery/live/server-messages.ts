import type { HistoryEntry, StatusDocument } from '#projections';

/** Everything that clients are told. */
export type ServerMessage =
  /** As it is now: on subscribing, and on each change. */
  | ({ readonly type: 'conversion' } & StatusDocument)
  | ({ readonly type: 'progress' } & Pick<StatusDocument, 'id' | 'phases' | 'progress' | 'eta'>)
  /** One event of its history, for whoever subscribed from a revision: every one, in order. */
  | { readonly type: 'event'; readonly conversion: string; readonly event: HistoryEntry }
  | { readonly type: 'deleted'; readonly id: string; readonly revision: number }
  | { readonly type: 'subscribed' | 'unsubscribed'; readonly to: string }
  /** What happened before it has been told: `{"subscribe": "all", "after": cursor}` goes on from here. */
  | { readonly type: 'cursor'; readonly cursor: string }
  /** The message that was not understood or not allowed; `problem` is as in a response. */
  | { readonly type: 'problem'; readonly to?: string; readonly problem: unknown };

/** As it goes over the wire; whoever is told the same gets the same bytes. */
export function toText(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
