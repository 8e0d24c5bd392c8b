import { deriveId, type JsonObject } from '#contracts';
import { type Documents, defineCollection, pagesOf, removeDocument, Taken } from '#documents';

/** What a client tells of a conversion that is nobody else's business: erased with it. */
export type PrivateFields = {
  readonly userId: string;
  readonly conversionId: string;
  /** The client's own key-value pairs. */
  readonly metadata: JsonObject;
};

export const privateFields = defineCollection<PrivateFields>({
  name: 'conversion-private-fields',
  kind: 'record',
  indexes: { byConversion: { fields: ['conversionId'] }, byUser: { fields: ['userId'] } },
});

/** Of this request alone: another request under the same key never gets to see or change them. */
export function privateFieldsId(conversionId: string, requestHash: string): string {
  return deriveId(conversionId, 'private-fields', requestHash);
}

/** Before the event that refers to them. A repeated request finds them there, and must not change them. */
export async function keepPrivateFields(
  documents: Documents,
  requestHash: string,
  fields: PrivateFields,
): Promise<void> {
  try {
    await documents.insert(privateFields, privateFieldsId(fields.conversionId, requestHash), fields);
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
  }
}

export async function metadataOf(
  documents: Documents,
  { id, requestHash }: { readonly id: string; readonly requestHash: string },
): Promise<JsonObject | null> {
  const stored = await documents.get(privateFields, privateFieldsId(id, requestHash));
  return stored?.document.metadata ?? null;
}

/** Everything private of the conversion, whichever request brought it. */
export async function erasePrivateFields(
  documents: Documents,
  conversionId: string,
  requestHash: string,
): Promise<void> {
  await removeDocument(documents, privateFields, privateFieldsId(conversionId, requestHash));
  for await (const page of pagesOf(documents, privateFields, {
    index: 'byConversion',
    equals: [conversionId],
    limit: 10,
  })) {
    for (const { id } of page) await removeDocument(documents, privateFields, id);
  }
}
