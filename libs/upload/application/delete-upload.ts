import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '#clock';
import { deriveId } from '#contracts';
import { Problem } from '#http';
import { UploadActors } from './upload-actors.ts';

export class DeleteUpload extends Command<void> {
  constructor(
    readonly userId: string,
    readonly uploadId: string,
  ) {
    super();
  }
}

/** Resolved means that it is gone for good; its bytes and its name follow from the event. */
@CommandHandler(DeleteUpload)
export class DeleteUploadHandler implements ICommandHandler<DeleteUpload> {
  constructor(
    private readonly actors: UploadActors,
    private readonly clock: Clock,
  ) {}

  /** Deleting what the same user has deleted already succeeds. @throws Problem `not-found` */
  async execute({ userId, uploadId }: DeleteUpload): Promise<void> {
    const upload = await this.actors.look(uploadId);
    if (upload.status === 'absent' || upload.userId !== userId) {
      throw new Problem('not-found', 'There is no upload with this id.');
    }
    const at = this.clock.now().toISOString();
    await this.actors.execute({ type: 'DeleteUpload', id: deriveId(uploadId, 'delete'), uploadId, at });
  }
}
