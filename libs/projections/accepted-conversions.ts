import { acceptedConversions, conversionStream, readConversionEvent } from '#contracts';
import type { ReadModel } from './read-models/index.ts';

/** Folds conversions into what they count against their users' quotas, also after they were deleted. */
export const acceptedConversionsModel: ReadModel = {
  name: 'accepted-conversions',
  version: 1,
  categories: ['conversion'],
  collections: [acceptedConversions],
  open(_events, documents) {
    return {
      async apply(recorded) {
        const { stream, revision } = recorded;
        const id = stream.slice(conversionStream('').length);
        const event = readConversionEvent(recorded);
        switch (event.type) {
          case 'ConversionRequested': {
            const accepted = { userId: event.data.userId, acceptedAt: event.at, isUnfinished: true };
            return documents.project(acceptedConversions, id, revision, accepted);
          }
          case 'ConversionCompleted':
          case 'ConversionFailed':
          case 'ConversionCancelled': {
            // What came before is there: a fold is given a stream in its order.
            const before = await documents.get(acceptedConversions, id);
            if (before === null) return;
            return documents.project(acceptedConversions, id, revision, { ...before.document, isUnfinished: false });
          }
        }
      },
    };
  },
};
