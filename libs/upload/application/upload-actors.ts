import { Injectable } from '@nestjs/common';
import { ActorSystem, type Decider } from '#actors';
import { Id, readUploadEvent, type UploadEvent } from '#contracts';
import { EventStore } from '#event-store';
import { currentTraceparent } from '#telemetry';
import { absent, decide, evolve, type UploadCommand, type UploadState } from '../domain/upload.ts';

const category = 'upload';

const decider: Decider<UploadCommand, UploadEvent, UploadState> = {
  category,
  initial: absent,
  decide,
  evolve,
  read: ({ type, data, metadata }) => readUploadEvent({ stream: category, revision: -1n, type, data, metadata }),
};

/** The uploads that are alive in this process. */
@Injectable()
export class UploadActors {
  readonly #system: ActorSystem<UploadCommand, UploadEvent, UploadState>;

  constructor(events: EventStore) {
    this.#system = new ActorSystem(decider, events);
  }

  /**
   * Carries the command out; what it makes necessary follows from the event, when the relay brings it.
   * @throws TooMuchContention | DependencyUnavailable
   */
  async execute(command: UploadCommand): Promise<UploadState> {
    const traceparent = currentTraceparent();
    const { state } = await this.#system.execute(
      command.uploadId,
      command,
      traceparent === undefined ? {} : { traceparent },
    );
    return state;
  }

  /** As the log says now. An id that is no id belongs to nothing. */
  async look(uploadId: string): Promise<UploadState> {
    return Id.safeParse(uploadId).success ? (await this.#system.look(uploadId)).state : absent;
  }
}
