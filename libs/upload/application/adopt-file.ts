import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Blobs } from '#blobs';
import type { Settings } from '#contracts';
import { CompleteUpload } from './complete-upload.ts';
import { cleanFileName } from './file-name.ts';
import type { UploadDocument } from './upload-document.ts';

/** An upload of a file that is on this machine already: for programs that run the services themselves. */
export class AdoptFile extends Command<UploadDocument> {
  constructor(
    readonly userId: string,
    readonly path: string,
    readonly convert: Settings,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

/** The file is not copied where the blob store can do without, and is of any size: it takes no room of ours. */
@CommandHandler(AdoptFile)
export class AdoptFileHandler implements ICommandHandler<AdoptFile> {
  constructor(
    private readonly blobs: Blobs,
    private readonly commands: CommandBus,
  ) {}

  async execute({ userId, path, convert, signal }: AdoptFile): Promise<UploadDocument> {
    const blob = await this.blobs.adopt(path, { maxBytes: Number.MAX_SAFE_INTEGER, signal });
    const fileName = cleanFileName(basename(path));
    return this.commands.execute(new CompleteUpload(randomUUID(), userId, blob, fileName, null, convert));
  }
}
