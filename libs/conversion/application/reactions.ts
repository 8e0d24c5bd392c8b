import { Injectable } from '@nestjs/common';
import type { Known } from '#actors';
import { Blobs } from '#blobs';
import { type BlobRef, deriveId, encoderMessages, type OfferTask, type StopTasks, topics } from '#contracts';
import { Documents } from '#documents';
import { Bus, type Message } from '#messaging';
import { continueTrace, currentTraceparent } from '#telemetry';
import { type ConversionState, type EndedState, isUnfinished, type UnfinishedState } from '../domain/state.ts';
import { outstandingTasks } from '../domain/tasks.ts';
import { erasePrivateFields } from './private-fields.ts';

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
    const before = this.#reacted.get(conversionId);
    if (!again && before !== undefined && before.revision >= revision) return;
    const offered = await continueTrace(currentTraceparent() ?? traceparent, 'conversion react', () =>
      isUnfinished(state)
        ? this.#offer(conversionId, state, again ? new Set() : (before?.offered ?? new Set()))
        : this.#cleanUp(conversionId, state),
    );
    this.#remember(conversionId, { revision, offered });
  }

  async #offer(
    conversionId: string,
    state: UnfinishedState,
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
        ...{ conversionId, userId, priority, requestedAt, engine: null, traceparent: currentTraceparent() ?? null },
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
  const traceparent = currentTraceparent();
  return {
    topic: topics.encoderTasks,
    key: conversionId,
    id,
    type,
    value,
    headers: traceparent === undefined ? {} : { traceparent },
  };
}
