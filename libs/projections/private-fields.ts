import { deriveId, type JsonObject } from '#contracts';
import { defineCollection } from '#documents';

/** What a client tells of a conversion that is nobody else's business: erased with it. */
export const privateFields = defineCollection<{ metadata: JsonObject }>({
  name: 'conversion-private-fields',
  kind: 'record',
  indexes: {},
});

/** Of this request alone: another request under the same key never gets to see or change them. */
export function privateFieldsId(conversionId: string, requestHash: string): string {
  return deriveId(conversionId, 'private-fields', requestHash);
}
