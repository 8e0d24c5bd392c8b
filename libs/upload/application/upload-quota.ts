import { Injectable } from '@nestjs/common';
import { pagesOf } from '#documents';
import { Problem, Quotas } from '#http';
import { ReadModels } from '#projections';
import { uploadList } from './upload-list.ts';
import { uploadListModel } from './upload-list-model.ts';

const pageSize = 1_000;

/** Whether a user may send one more upload, and have it converted. */
@Injectable()
export class UploadQuota {
  constructor(
    private readonly quotas: Quotas,
    private readonly readModels: ReadModels,
  ) {}

  /**
   * @param bytes that are on their way, as far as is known
   * @throws Problem `quota-exceeded`
   */
  async admitUpload(userId: string, bytes: number): Promise<void> {
    const { uploadBytes: most } = await this.quotas.of(userId);
    if (most === null) return;
    const stored = await this.#storedBytes(userId);
    // One of unknown length needs room for a byte at least.
    if (stored + Math.max(1, bytes) <= most) return;
    const detail = `Uploads may take ${most} bytes, and ${stored} are taken. Delete uploads to make room.`;
    throw new Problem('quota-exceeded', detail);
  }

  /** @throws Problem `quota-exceeded`: the conversion that an upload starts counts as any other */
  admitConversion(userId: string): Promise<void> {
    return this.quotas.admitConversion(userId);
  }

  async #storedBytes(userId: string): Promise<number> {
    let sum = 0;
    const theirs = { index: 'byUser', equals: [userId], limit: pageSize };
    for await (const page of pagesOf(await this.readModels.of(uploadListModel), uploadList, theirs)) {
      for (const { document } of page) sum += document.bytes;
    }
    return sum;
  }
}
