import type { Documents } from '#documents';
import type { Position } from '#event-store';
import { DocumentCheckpoints } from '#projections';

/** Where each consumer group is in a topic that is a log. */
export class BusCheckpoints {
  readonly #checkpoints: DocumentCheckpoints;

  constructor(documents: Documents) {
    this.#checkpoints = new DocumentCheckpoints(documents);
  }

  load(group: string, topic: string): Promise<string | null> {
    return this.#checkpoints.load(`${group}/${topic}`);
  }

  save(group: string, topic: string, offset: string): Promise<void> {
    return this.#checkpoints.save(`${group}/${topic}`, offset as Position);
  }
}
