import { conversionListModel, replayConversion } from '#conversion';
import { blobOwnersModel } from '#housekeeping';
import { acceptedConversionsModel } from '#projections';
import { uploadListModel } from '#upload';
import type { Subjects } from './verify.ts';

/** What all services together keep. */
export const subjects: Subjects = {
  replays: { account: () => undefined, upload: () => undefined, conversion: replayConversion },
  readModels: [conversionListModel, acceptedConversionsModel, uploadListModel, blobOwnersModel],
};
