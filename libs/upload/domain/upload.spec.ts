import { describe, expect, it } from 'vitest';
import type { UploadEvent } from '#contracts';
import { given } from '#testing';
import { absent, decide, evolve, type UploadCommand } from './upload.ts';

const userId = '00000000-0000-4000-8000-000000000001';
const blob = { key: '00000000-0000-4000-8000-000000000002', sha256: '0'.repeat(64), bytes: 7 };
const at = '2026-01-01T00:00:00.000Z';
const complete: UploadCommand = {
  ...{ type: 'CompleteUpload', id: 'c', uploadId: '00000000-0000-4000-8000-000000000003', at },
  ...{ userId, blob, mediaType: 'video/mp4', convert: null },
};
const completed: UploadEvent = { type: 'UploadCompleted', at, data: { userId, blob, mediaType: 'video/mp4' } };
const deleted: UploadEvent = { type: 'UploadDeleted', at, data: {} };
const remove: UploadCommand = { type: 'DeleteUpload', id: 'd', uploadId: complete.uploadId, at };
const decider = { initial: absent, decide, evolve };

describe('an upload', () => {
  it('is completed once', () => given(decider, []).when(complete).expect([completed]));
  it('stays as it is', () => given(decider, [completed]).when(complete).expectNothing());
  it('names the conversion that it starts', () => {
    const convert = {
      conversionId: blob.key,
      settings: { format: 'mp3', quality: { mode: 'vbr', level: 2 } },
    } as const;
    given(decider, [])
      .when({ ...complete, convert })
      .expect([{ ...completed, data: { ...completed.data, convert } } as UploadEvent]);
  });
  it('is deleted once', () => {
    given(decider, [completed]).when(remove).expect([deleted]);
    given(decider, [completed, deleted]).when(remove).expectNothing();
  });
  it('cannot be deleted where it never was', () => given(decider, []).when(remove).expectNothing());
  it('is gone when it was deleted, and does not come back', () => {
    const state = { status: 'deleted', userId, blob, conversionId: null };
    expect([completed, deleted].reduce(evolve, absent)).toEqual(state);
    given(decider, [completed, deleted]).when(complete).expectNothing();
  });
});
