import { Injectable } from '@nestjs/common';
import type { Known } from '#actors';
import { Blobs } from '#blobs';
import { type BlobRef, deriveId, encoderMessages, type OfferTask, type StopTasks, topics } from '#contracts';
import { Documents } from '#documents';
import { Bus, type Message } from '#messaging';
import { erasePrivateFields } from '#projections';
import { type ConversionState, type EndedState, isUnfinished, type UnfinishedState } from '../domain/state.ts';
import { outstandingTasks } from '../domain/tasks.ts';

interface Reacted {
  readonly revision: bigint;
  /** Tries that were offered since the conversion was first seen here. */
  readonly offered: ReadonlySet<string>;
}

const remembered = 10_000;

/** What a conversion's state makes necessary: tasks are offered, or stopped and cleaned up after. Harmless to repeat. */
@Injectable()
export class Reactions {
  readonly #reacted = new Map<string, Reacted>();

  constructor(
    private readonly bus: Bus,
    private readonly blobs: Blobs,
    private readonly documents: Documents,
  ) {}

  /** @param again also what this process has done already: its message may have been lost */
  async react(
    conversionId: string,
    { state, revision, traceparent }: Known<ConversionState>,
    { again }: { readonly again: boolean },
  ): Promise<void> {
    if (revision === 'no-stream' || state.status === 'absent') return;
    if (!again && this.hasReacted(conversionId, revision)) return;
    const before = this.#reacted.get(conversionId);
    const alreadyOffered = again ? new Set<string>() : (before?.offered ?? new Set<string>());
    const offered = isUnfinished(state)
      ? await this.#offer(conversionId, state, traceparent ?? null, alreadyOffered)
      : await this.#cleanUp(conversionId, state);
    this.#remember(conversionId, { revision, offered });
  }

  /** Whether this process has done already what the revision makes necessary: then doing it again only repeats it. */
  hasReacted(conversionId: string, revision: bigint): boolean {
    const before = this.#reacted.get(conversionId);
    return before !== undefined && before.revision >= revision;
  }

  /** @param traceparent of the conversion: all its tasks are spans below the same one, whatever made them be offered */
  async #offer(
    conversionId: string,
    state: UnfinishedState,
    traceparent: string | null,
    alreadyOffered: ReadonlySet<string>,
  ): Promise<ReadonlySet<string>> {
    const offered = new Set(alreadyOffered);
    const messages: Message[] = [];
    for (const task of outstandingTasks(conversionId, state)) {
      const id = deriveId(task.taskId, 'offer', String(task.try));
      if (offered.has(id)) continue;
      offered.add(id);
      const { userId, priority, at: requestedAt } = state.request;
      const offer: OfferTask = {
        ...task,
        ...{ conversionId, userId, priority, requestedAt, engine: null, traceparent },
      };
      messages.push(toEncoder(conversionId, id, encoderMessages.offer, offer));
    }
    if (messages.length > 0) await this.bus.publish(messages);
    return offered;
  }

  /** What a report brought too late is kept for nobody. */
  async discard(blobs: readonly BlobRef[]): Promise<void> {
    for (const { key } of blobs) await this.blobs.remove(key);
  }

  async #cleanUp(conversionId: string, state: EndedState): Promise<ReadonlySet<string>> {
    const stop: StopTasks = { conversionId };
    await this.bus.publish([toEncoder(conversionId, deriveId(conversionId, 'stop'), encoderMessages.stop, stop)]);
    await this.discard(state.leftovers);
    if (state.status === 'deleted') await erasePrivateFields(this.documents, conversionId, state.request.requestHash);
    return new Set();
  }

  #remember(conversionId: string, reacted: Reacted): void {
    this.#reacted.delete(conversionId);
    this.#reacted.set(conversionId, reacted);
    for (const oldest of this.#reacted.keys()) {
      if (this.#reacted.size <= remembered) break;
      this.#reacted.delete(oldest);
    }
  }
}

function toEncoder(conversionId: string, id: string, type: string, value: OfferTask | StopTasks): Message {
  return { topic: topics.encoderTasks, key: conversionId, id, type, value, headers: {} };
}
