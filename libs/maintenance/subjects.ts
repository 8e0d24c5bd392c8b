import { conversionListModel, replayConversion } from '#conversion';
import type { Recorded } from '#event-store';
import { blobOwnersModel } from '#housekeeping';
import { acceptedConversionsModel, type ReadModel } from '#projections';
import { uploadListModel } from '#upload';

/** What there is to look after: every service says so of its own. */
export interface Subjects {
  /** How each category's streams are folded; throws for a history that cannot be. */
  readonly replays: Readonly<Record<string, (history: readonly Recorded[]) => void>>;
  readonly readModels: readonly ReadModel[];
}

/** What all services together keep. */
export const subjects: Subjects = {
  replays: { account: () => undefined, upload: () => undefined, conversion: replayConversion },
  readModels: [conversionListModel, acceptedConversionsModel, uploadListModel, blobOwnersModel],
};
