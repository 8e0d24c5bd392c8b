/** What a client calls its file: private, so it is a record beside the upload and never in an event. */
export type UploadFile = { readonly fileName: string };

/** The collection of these records, by upload id: written by the upload service, read for the output's name. */
export const uploadFiles: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: Readonly<Record<string, never>>;
  readonly __document?: UploadFile;
} = { name: 'upload-files', kind: 'record', indexes: {} };
