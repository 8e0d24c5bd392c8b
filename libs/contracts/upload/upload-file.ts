/** What a client calls its file: private, so it is a record beside the upload and never in an event. */
export type UploadFile = {
  readonly fileName: string;
  /** Whose file it is; absent from records that were written before accounts could be erased. */
  readonly userId?: string;
};

/** The collection of these records, by upload id: written by the upload service, read for the output's name. */
export const uploadFiles: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: { readonly byUser: { readonly fields: readonly string[] } };
  readonly __document?: UploadFile;
} = { name: 'upload-files', kind: 'record', indexes: { byUser: { fields: ['userId'] } } };

/** Which upload a conversion comes from that an upload starts by itself. */
export type UploadConversion = { readonly userId: string; readonly uploadId: string };

/**
 * The collection of these records, by conversion id. The answer to an upload names its conversion, and clients ask for
 * it at once: with this record it can be found before the relay has brought the event to whoever begins it.
 */
export const uploadConversions: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: Readonly<Record<string, never>>;
  readonly __document?: UploadConversion;
} = { name: 'upload-conversions', kind: 'record', indexes: {} };
